<?php
// Routes of a wiki served by `php -S`: /wiki/Title, /w/*.php, static files of MediaWiki and of the wiki.
// php's own server knows no rewrite rules; these four are the ones a web server's configuration would hold.

$path = rawurldecode( strtok( $_SERVER['REQUEST_URI'], '?' ) );
$code = getenv( 'MW_INSTALL_PATH' );
$wiki = dirname( getenv( 'MW_CONFIG_FILE' ) );

function sendFile( string $file ): bool {
	$types = [ 'css' => 'text/css', 'js' => 'text/javascript', 'svg' => 'image/svg+xml', 'txt' => 'text/plain' ];
	$type = $types[ pathinfo( $file, PATHINFO_EXTENSION ) ] ?? mime_content_type( $file );
	header( "Content-Type: $type" );
	header( 'Content-Length: ' . filesize( $file ) );
	readfile( $file );
	return true;
}

function enter( string $code, string $script, string $inside = '' ): bool {
	$_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = "/w/$script";
	$_SERVER['SCRIPT_FILENAME'] = "$code/$script";
	if ( $inside !== '' ) {
		$_SERVER['PATH_INFO'] = $inside;
	}
	chdir( $code );
	// MediaWiki expects its entry points' variables to be global ones
	$GLOBALS['entry'] = "$code/$script";
	return false;
}

if ( $path === '/' ) {
	header( 'Location: /wiki/Main_Page', true, 301 );
	return true;
}
if ( $path === '/robots.txt' ) {
	return sendFile( "$wiki/robots.txt" );
}
if ( preg_match( '#^/w/(images/.+)$#', $path, $found ) && !str_contains( $path, '..' ) ) {
	$file = "$wiki/$found[1]";
} elseif ( preg_match( '#^/w/((resources|skins|extensions)/.+\.(css|js|svg|png|gif|jpg|woff2?))$#', $path, $found )
	&& !str_contains( $path, '..' )
) {
	$file = "$code/$found[1]";
}
if ( isset( $file ) ) {
	if ( is_file( $file ) ) {
		return sendFile( $file );
	}
	http_response_code( 404 );
	return true;
}
if ( preg_match( '#^/w/(index|api|load|rest|opensearch_desc|thumb)\.php(/.*)?$#', $path, $found ) ) {
	enter( $code, "$found[1].php", $found[2] ?? '' );
} elseif ( str_starts_with( $path, '/wiki/' ) ) {
	enter( $code, 'index.php' );
} else {
	http_response_code( 404 );
	header( 'Content-Type: text/plain' );
	echo "no such path\n";
	return true;
}
require $entry;
return true;
