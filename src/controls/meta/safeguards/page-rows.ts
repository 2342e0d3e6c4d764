import type { SafeguardTable } from './safeguard-row.ts';

const HASH = /^\s*(?:#|\/\/|\*|\/\*)/;

/** Pages and templates. */
const PAGES: SafeguardTable = {
  files:
    /\.(?:html?|erb|haml|slim|twig|jinja2?|j2|hbs|handlebars|mustache|ejs|pug|vue|svelte|liquid|tmpl|gohtml|jsp|jspx|ftl|blade\.php|cshtml|astro)$/,
  remark: /^\s*(?:<!--|\{#|<%#|<%--)/,
  rows: [
    {
      name: 'protection from forged requests',
      pattern: /csrf_token|csrf_field|csrfmiddlewaretoken|_csrf\b|csrf_input|authenticity_token|@csrf\b/g,
      weight: -1,
    },
    {
      name: 'text stands in a page as it is',
      pattern:
        /\|\s{0,3}safe\b|\|\s{0,3}raw\b|\{!!|\{\{\{|<%==|<%-\s(?!include)|\bv-html\b|\{@html\b|autoescape\s{1,5}(?:off|false)|\?no_esc\b|escapeXml\s{0,3}=\s{0,3}["']false|\bset:html\b|\[(?:innerHTML|outerHTML|srcdoc)\]|\bth:utext\b|\|\s{0,3}safe(?:HTML(?:Attr)?|JS|URL|CSS)\b|\bng-bind-html-unsafe\b|\bdangerouslySetInnerHTML\b|!=\s{1,3}\w/g,
      weight: 1,
    },
    {
      name: 'text is made harmless',
      pattern:
        /<c:out\b|\bfn:escapeXml\(|<%=\s{0,3}(?:h|sanitize|esc\w{0,10})[ (]|\|\s{0,3}(?:escape|e|forceescape|striptags)\b/g,
      weight: -1,
    },
    {
      name: 'a part of a page for those who may see it',
      pattern:
        /\bsec:authori[sz]e\w{0,10}\s{0,3}=|<(?:sec|security|shiro):\w{1,30}|@(?:can|cannot|canany|auth|role|hasrole|hasanyrole)\b(?!\w)|\*ngx?[Pp]ermission\w{0,10}|<(?:AuthorizeView|Authorized|RequireAuth|ProtectedRoute|HasRole|Can)\b|\{%-?\s{0,3}if\s{1,3}(?:perms|user|request\.user)\.[\w.]{1,60}/g,
      weight: -1,
    },
    { name: 'a digest of a script', pattern: /\bintegrity\s{0,3}=\s{0,3}["']sha\d{3}-/g, weight: -1 },
    { name: 'a policy of the page', pattern: /http-equiv\s{0,3}=\s{0,3}["']Content-Security-Policy["']/gi, weight: -1 },
    { name: 'a frame that is kept apart', pattern: /<iframe\b[^>\n]{0,300}\bsandbox\b/gi, weight: -1 },
  ],
};

/** What a page may load and run, wherever a program writes it down. */
const PAGE_POLICIES: SafeguardTable = {
  files: /\.(?:[cm]?[jt]sx?|py|rb|php|java|kt|go|cs|html?|json|ya?ml|toml|conf)$/,
  remark: HASH,
  rows: [
    { name: 'a policy of pages', pattern: /'unsafe-(?:inline|eval|hashes)'/g, weight: 1 },
    {
      name: 'scripts of any place',
      pattern:
        /\b(?:script|default|object|base|connect|frame)-src(?:-elem|-attr)?\s[^;"<>\n]{0,300}?(?<=\s)(?:\*|data:|https?:|blob:)(?=[\s;"'`,)]|$)/gm,
      weight: 1,
    },
  ],
};

export const PAGE_TABLES: readonly SafeguardTable[] = [PAGES, PAGE_POLICIES];
