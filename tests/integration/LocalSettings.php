<?php
// Settings of the tests' wiki. Copied into the wiki's folder; what differs from wiki to wiki is in wiki.json there.

$rig = json_decode( file_get_contents( __DIR__ . '/wiki.json' ), true );

$wgSitename = $rig['name'];
$wgLanguageCode = $rig['language'];
$wgServer = $rig['server'] ?? ( getenv( 'WIKI_SERVER' ) ?: 'http://127.0.0.1' );
$wgScriptPath = '/w';
$wgArticlePath = '/wiki/$1';
$wgUsePathInfo = true;

$wgDBtype = 'sqlite';
$wgDBname = 'wiki';
$wgSQLiteDataDir = __DIR__ . '/data';
$wgCacheDirectory = __DIR__ . '/cache';
$wgTmpDirectory = __DIR__ . '/cache';
$wgUploadDirectory = __DIR__ . '/images';
$wgMainCacheType = CACHE_NONE;
$wgParserCacheType = CACHE_DB;
$wgMessageCacheType = CACHE_NONE;
$wgJobRunRate = 0;             // jobs are run by the rig, never by a reader's request
$wgSecretKey = str_repeat( 'sectionary', 6 );
$wgLocaltimezone = 'UTC';
$wgPingback = false;
$wgEnableEmail = false;
$wgEnableUploads = true;
$wgStrictFileExtensions = true;
$wgFileExtensions[] = 'svg';
$wgAllowExternalImages = false;
$wgUseInstantCommons = false;
$wgMemoryLimit = '512M';
$wgShowExceptionDetails = true;
$wgHTTPTimeout = $wgHTTPConnectTimeout = 1;   // there is no network beyond loopback
$wgInvalidateCacheOnLocalSettingsChange = false;

$wgRightsText = 'Creative Commons Attribution-ShareAlike 4.0';
$wgRightsUrl = 'https://creativecommons.org/licenses/by-sa/4.0/';

foreach ( [ 'MinervaNeue', 'MonoBook', 'Timeless', 'Vector' ] as $skin ) {
	wfLoadSkin( $skin );
}
$wgDefaultSkin = $rig['skin'];

foreach ( $rig['extensions'] as $extension ) {
	wfLoadExtension( $extension );
}

$wgEnableMagicLinks = [ 'ISBN' => true, 'PMID' => true, 'RFC' => true ];   // as Parsoid always does
$wgPFEnableStringFunctions = true;
$wgScribuntoDefaultEngine = 'luastandalone';
$wgMathValidModes = [ 'source' ];             // formulas without the network's Mathoid
$wgDefaultUserOptions['math'] = 'source';
$wgMathDisableTexFilter = 'always';

if ( is_file( __DIR__ . '/extra.php' ) ) {
	require __DIR__ . '/extra.php';
}

// The same page is the same bytes at each request, or no two crawls could be compared: the request's own number and
// time are in every page of MediaWiki.
$wgDisableOutputCompression = true;
ob_start( static fn ( string $page ): string => preg_replace(
	[ '/"wgRequestId":"[^"]*"/', '/"wgBackendResponseTime":\d+/' ],
	[ '"wgRequestId":"-"', '"wgBackendResponseTime":0' ],
	$page
) );
