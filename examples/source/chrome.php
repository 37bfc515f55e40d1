<?php
// What surrounds an article of Strandline: notices, ads, menus, credits. Articles themselves are left alone;
// the structure is that of a wiki with the PageNotice extension, a translation menu and sponsors.

$wgScriptPath = '';
$wgRightsText = 'CC BY-SA 4.0';
$wgEnableParserLimitReporting = false;       // it holds timings, and the pages must come out the same each time
$wgDefaultUserOptions['visualeditor-enable'] = 1;
$wgVisualEditorAvailableNamespaces = [ NS_MAIN => true, NS_CATEGORY => true ];
$wgSiteNotice = "'''Low water at noon?''' Strandline's spring appeal runs until the next spring tide. [[Strandline:Appeal|Help]]";

$strandline = json_decode( file_get_contents( __DIR__ . '/index.json' ), true );

$strandlineLanguages = [
	'East Asian' => [ 'zh-CN' => '中文', 'ja' => '日本語', 'ko' => '한국어' ],
	'South Asian' => [ 'hi' => 'हिन्दी', 'ta' => 'தமிழ்', 'te' => 'తెలుగు', 'ur' => 'Urdu', 'kn' => 'ಕನ್ನಡ' ],
	'Southeast Asian' => [ 'id' => 'Indonesian', 'vi' => 'Vietnamese', 'th' => 'Thai', 'my' => 'မြန်မာဘာသာ', 'bn' => 'বাংলা' ],
	'European' => [
		'es' => 'español', 'de' => 'Deutsch', 'fr' => 'français', 'el' => 'Greek', 'pt-br' => 'português do Brasil',
		'pl' => 'polski', 'ro' => 'română', 'ru' => 'русский', 'nl' => 'Nederlands', 'no' => 'norsk', 'sv' => 'svenska',
		'fi' => 'suomi', 'it' => 'Italian', 'da' => 'dansk',
	],
	'Middle Eastern & African' => [
		'ar' => 'عربى', 'tr' => 'Turkish', 'fa' => 'Persian', 'he' => 'Hebrew', 'af' => 'Afrikaans', 'zu' => 'isiZulu',
		'sw' => 'Kiswahili',
	],
	'Other' => [
		'bg' => 'Bulgarian', 'hu' => 'Hungarian', 'cs' => 'Czech', 'ml' => 'മലയാളം', 'mr' => 'मराठी', 'pa' => 'ਪੰਜਾਬੀ',
		'gu' => 'ગુજરાતી', 'uk' => 'Ukrainian',
	],
];

$strandlineCode = 'iVBORw0KGgoAAAANSUhEUgAAAFcAAABXAQAAAABZs+TBAAAA30lEQVR42q1Tuw2DMBB9xAVdWMDSrUHHSngBMAuQldx5DSQ'
	. 'WCB2F5YuhSNLkpUiuuuLp/H6GPifjlz0B4lu5A8MFr3nfkUaVXMumiWD6WnxnXbAUY3vgK8aFxDGFzxSso3wA6+Lx3GfM4cAtnj58vtP'
	. 'sZgqigWF6LC6aGYZgqoBGjcdCODtd+uLhTnTpbbdVTFx7pasHrt2amYdm0/VO+QxtOSW55XmhCUAtmfmchi6NkXlY8hqOyBLNvYSOMTJ'
	. 'dpYczOJ8T08qkC+/zFu248x7apnSs/tLDop1n+p+//ABFQROZdjLtSgAAAABJRU5ErkJggg==';

function strandlineLink( string $title, string $text ): string {
	return Html::element( 'a', [ 'href' => Title::newFromText( $title )->getLocalURL(), 'title' => $title ], $text );
}

function strandlineTranslation( string $url, string $from, string $to, string $name ): string {
	$query = wfArrayToCgi( [ 'u' => $url, 'sl' => $from, 'tl' => $to, 'hl' => $to ] );
	$href = "https://translate.example/translate?$query";
	return Html::element( 'a', [ 'rel' => 'nofollow', 'class' => 'external text', 'href' => $href ], $name );
}

function strandlineMenu( Title $title, string $from ): string {
	global $strandlineLanguages;
	$groups = [];
	foreach ( $strandlineLanguages as $group => $names ) {
		$links = [];
		foreach ( $names as $to => $name ) {
			$links[] = strandlineTranslation( $title->getCanonicalURL(), $from, $to, $name );
		}
		$groups[] = '<b>' . htmlspecialchars( $group ) . "</b>\n" . implode( ",\n", $links );
	}
	return "<div style=\"text-align:center;padding-bottom:2px\"><p><span class=\"plainlinks\" style=\"font-size:88%;\">\n"
		. "<b>Translate this page:</b> - " . implode( "\n<br />", $groups ) . "\n</span></p></div>\n";
}

function strandlineResources( string $name ): string {
	return "<table class=\"wikitable\" style=\"margin:auto;\"><tbody><tr><th colspan=\"2\">$name Resources</th></tr>\n"
		. '<tr><td><ul><li>' . strandlineLink( 'Main Page', 'Encyclopedia' ) . '</li><li>'
		. strandlineLink( 'Tide table', 'Predictions' ) . '</li></ul></td><td><ul><li>'
		. strandlineLink( 'Category:Tides', 'Tides' ) . '</li><li>' . strandlineLink( 'Category:Shores', 'Shores' )
		. "</li></ul></td></tr></tbody></table>\n";
}

function strandlineSearch(): string {
	return "<div class=\"mw-inputbox-centered\" style=\"\"><b>Search Strandline</b>"
		. "<form name=\"searchbox\" class=\"searchbox\" action=\"/index.php\"><input type=\"hidden\" name=\"title\" value=\"Special:Search\">"
		. "<input class=\"searchboxInput mw-ui-input\" name=\"search\" type=\"text\" placeholder=\"Search Strandline\" size=\"30\">"
		. "<input type=\"submit\" class=\"searchboxGoButton mw-ui-button\" value=\"Look it up\"></form></div>\n";
}

function strandlineAds(): string {
	return "<center>\n<div style=\"max-width:640px;margin:8px auto;padding:8px 14px;border:1px solid #94a3b8;\">\n"
		. "<p>Ad. Boots full of water again? Try <a rel=\"nofollow\" class=\"external text\" href=\"https://waders.example/\">"
		. "Puddle &amp; Daughters' waders</a>, now with a second pocket.</p>\n"
		. "<p><b>Advertise on Strandline</b> — 40 articles, four pools, one crab. Rates from <b>one shell a day</b>. "
		. strandlineLink( 'Strandline:Advertising', 'Learn more' ) . "</p>\n</div>\n</center>\n";
}

function strandlineExplore(): string {
	$links = [];
	foreach ( [ 'Tide', 'Tide pool', 'Beach', 'Limpet', 'Gezeiten', 'Marée', 'مد وجزر', '潮汐' ] as $title ) {
		$links[] = '<span style="white-space:nowrap;">' . strandlineLink( $title, $title ) . '</span>';
	}
	return "<div role=\"navigation\" aria-label=\"Strandline topics\" style=\"background:#eaf7fc;border:1px solid #b9dfea;\">\n"
		. "<div style=\"font-weight:700;\">Explore Strandline</div>\n<div style=\"line-height:2;\"><p>"
		. implode( "\n&#160;•&#160;\n", $links ) . "</p></div>\n</div>\n";
}

function strandlineClosing( string $author ): string {
	global $strandlineCode;
	return "<div style=\"float:right;max-width:90px;text-align:center;\"><p><span class=\"qrlite-result\">"
		. "<img src=\"data:image/png;base64,$strandlineCode\" alt=\"QR code\"></span></p>"
		. "<div style=\"font-size:80%;\">Share this page</div></div>\n"
		. "<p>Strandline is no substitute for official tide tables, a chart or a look out of the window. See the full "
		. strandlineLink( 'Strandline:General disclaimer', 'disclaimer' ) . ".</p>\n"
		. "<p>Credits: Drawings are the authors' own. Text is licensed under "
		. "<a rel=\"nofollow\" class=\"external text\" href=\"https://creativecommons.org/licenses/by-sa/4.0/\">CC BY-SA 4.0</a>.</p>\n"
		. "<p>Contributors: " . htmlspecialchars( $author ) . "</p>\n";
}

function strandlineFooter( WikiPage $page, string $language ): string {
	$title = $page->getTitle();
	return "<div class=\"ext-pagenotice-bottom-notice-ns\"><div id=\"bottom-notice-ns\">"
		. "<div class=\"strandline-page-footer\" style=\"clear:both;margin:2.5em 0 1em;\">\n"
		. strandlineResources( htmlspecialchars( $title->getText() ) ) . strandlineSearch() . strandlineExplore()
		. strandlineAds() . strandlineMenu( $title, $language ) . strandlineClosing( $page->getUserText() )
		. "</div></div></div>\n";
}

$wgHooks['ArticleViewHeader'][] = static function ( Article $article ) {
	$article->getContext()->getOutput()->addHTML(
		"<div class=\"ext-pagenotice-top-notice-ns\"><div id=\"top-notice-ns\"><small>Advertisement: "
		. "<a rel=\"nofollow\" class=\"external text\" href=\"https://kites.example/\">Kites for onshore winds</a></small></div></div>"
	);
};

$wgHooks['ArticleViewFooter'][] = static function ( Article $article ) {
	$language = $article->getTitle()->getPageLanguage()->getHtmlCode();
	$article->getContext()->getOutput()->addHTML( strandlineFooter( $article->getPage(), $language ) );
};

$wgHooks['PageContentLanguage'][] = static function ( Title $title, &$language ) use ( $strandline ) {
	foreach ( $strandline['pages'] as $page ) {
		if ( $page['title'] === $title->getPrefixedText() ) {
			$language = $page['language'];
		}
	}
};

// Links such as [[de:Gezeiten]] lead to the same wiki, which holds all its languages.
$wgHooks['InterwikiLoadPrefix'][] = static function ( $prefix, &$row ) {
	if ( !in_array( $prefix, [ 'ar', 'de', 'en', 'fr', 'ja', 'zh' ] ) ) {
		return true;
	}
	$row = [ 'iw_prefix' => $prefix, 'iw_url' => 'https://strandline.example/wiki/$1', 'iw_api' => '',
		'iw_wikiid' => '', 'iw_local' => 0, 'iw_trans' => 0 ];
	return false;
};

$wgHooks['MessagesPreLoad'][] = static function ( $title, &$message ) {
	$own = [
		'Tagline' => 'From Strandline, the open encyclopedia of shore and tide',
		'Sidebar' => "* navigation\n** mainpage|mainpage-description\n** Tide|Tides\n** Beach|Shores\n** randompage-url|randompage\n"
			. "* Explore Strandline\n** Tide pool|Tide pools\n** Tide table|Tide tables\n** Main Page|In other languages\n"
			. "* SEARCH\n* TOOLBOX\n* LANGUAGES",
	];
	$message = $own[$title] ?? $message;
};
