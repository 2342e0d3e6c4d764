import type { Severity } from '../../../findings/index.ts';
import type { Dialect } from './directive.ts';

/** Which files are configuration of which server. */
export const SERVER_FILES: readonly { readonly dialect: Dialect; readonly files: RegExp; readonly marks: RegExp }[] = [
  { dialect: 'sections', files: /(?:^|\/)haproxy[\w.-]*\.cfg(?:\.\w+)?$/i, marks: /^/ },
  { dialect: 'braces', files: /(?:^|\/)Caddyfile[\w.-]*$|\.caddy(?:file)?$/i, marks: /^/ },
  { dialect: 'flat', files: /(?:^|\/)sshd?_config(?:\.[\w.-]+)?$|sshd_config\.d\/[\w.-]+\.conf$/i, marks: /^/ },
  {
    dialect: 'tags',
    files: /(?:^|\/)\.htaccess$|\.conf(?:\.\w+)?$|\.vhost$/i,
    marks:
      /<\/(?:VirtualHost|Directory\w*|Location\w*|Files\w*|If\w*|Proxy|Limit\w*)>|^[ \t]*(?:SSL[A-Z]\w+|LoadModule|ServerName|Require|RewriteEngine|Header|Options)[ \t]/m,
  },
  {
    dialect: 'semicolons',
    files: /\.conf(?:\.\w+)?$|\.nginx$|(?:^|\/)nginx[\w./-]*$|sites-(?:available|enabled)\/[\w.-]+$/i,
    marks: /[;{][ \t]*(?:#.*)?$/m,
  },
];

/** A setting of a server that opens or protects, by the names of nginx, Apache, Caddy, HAProxy and OpenSSH. */
export interface DirectiveRow {
  readonly control: string;
  readonly name: RegExp;
  /** Above 0 opens, below 0 protects, 0 says nothing. */
  readonly weigh: (value: string) => number;
  /** What of the value tells one such setting from another in the same block; default the name alone. */
  readonly subject?: (value: string) => string;
  /** Counts also when its whole block is gone: what the block refused is answered by the block around it. */
  readonly standing?: boolean;
  readonly severity?: Severity;
}

const SWITCH = 'protective-setting-off';
const TLS = 'tls-check-off';
const firstWord = (value: string): string => value.split(' ')[0]?.replace(/^"|"$/g, '').toLowerCase() ?? '';
const isOff = (value: string): boolean => /^(?:off|no|none|false|0)$/i.test(firstWord(value));
const isThere = (value: string): number => (isOff(value) ? 0 : -1);
const opensOn = (value: string): number => (/^(?:on|yes|true|1)$/i.test(firstWord(value)) ? 1 : 0);

/** Old protocols that are named and not taken away again. */
function oldProtocols(value: string): number {
  const names = value.split(/[\s,:]+/).filter((word) => !/^[-!]/.test(word));
  const isAll = names.some((word) => /^\+?all$/i.test(word));
  const refused = new Set(
    value
      .split(/[\s,]+/)
      .filter((word) => /^[-!]/.test(word))
      .map((word) => word.slice(1).toLowerCase()),
  );
  const old = ['sslv2', 'sslv3', 'tlsv1', 'tlsv1.0', 'tlsv1.1'];
  const named = names.map((word) => word.replace(/^\+/, '').toLowerCase());
  return old.filter(
    (name) => named.includes(name) || (isAll && /sslv3|tlsv1$|tlsv1\.1/.test(name) && !refused.has(name)),
  ).length;
}

const TRANSPORT: readonly DirectiveRow[] = [
  {
    control: TLS,
    name: /^(?:ssl_protocols|proxy_ssl_protocols|grpc_ssl_protocols|sslprotocol|sslproxyprotocol|protocols)$/,
    weigh: oldProtocols,
  },
  {
    control: TLS,
    name: /^(?:ssl_ciphers|sslciphersuite|ciphers|ssl-default-bind-ciphers|kexalgorithms|macs)$/,
    weigh: (value) =>
      value
        .split(/[:,\s]+/)
        .filter((word) =>
          /^(?:\+?(?:.*-)?(?:NULL|aNULL|eNULL|EXPORT\w*|RC4|DES|3DES|MD5|ADH|LOW|MEDIUM|ALL)\b.*|.*(?:-cbc|arcfour\w*|md5|sha1)(?:-96)?)$/i.test(
            word,
          ),
        ).length,
  },
  {
    control: TLS,
    name: /^(?:proxy_ssl_verify|grpc_ssl_verify|uwsgi_ssl_verify|sslproxyverify|sslproxycheckpeername|sslproxycheckpeercn|sslverifyclient|ssl_verify_client|ssl_stapling_verify|client_auth)$/,
    weigh: (value) =>
      /^(?:on|require|require_and_verify|\{)$/i.test(firstWord(value))
        ? -2
        : /^optional$/i.test(firstWord(value))
          ? -1
          : 0,
  },
  { control: TLS, name: /^(?:tls_insecure_skip_verify|insecure_skip_verify|on_demand_tls)$/, weigh: () => 1 },
  { control: TLS, name: /^auto_https$/, weigh: (value) => (isOff(value) ? 1 : 0) },
  {
    control: TLS,
    name: /^(?:https?_redirect|redirect)$/,
    weigh: (value) => (/scheme https|https:/.test(value) ? -1 : 0),
  },
];

const ACCESS: readonly DirectiveRow[] = [
  {
    control: SWITCH,
    name: /^(?:auth_basic|auth_request|auth_jwt|access_by_lua\w{0,10}|basic_auth|basicauth|forward_auth|authentik|authtype|authuserfile|authorize|jwtauth)$/,
    weigh: isThere,
  },
  {
    control: SWITCH,
    name: /^require$/,
    weigh: (value) => (/^all granted/i.test(value) ? 1 : -1),
    subject: (value) => (/^all granted/i.test(value) ? 'everybody' : 'require'),
    standing: true,
  },
  { control: SWITCH, name: /^deny$/, weigh: () => -1, subject: (value) => `deny ${value}`, standing: true },
  {
    control: SWITCH,
    name: /^allow$/,
    weigh: (value) => (/^(?:all|from all|0\.0\.0\.0\/0|::\/0)$/i.test(value) ? 2 : 1),
    subject: (value) => `allow ${value}`,
  },
  {
    control: SWITCH,
    name: /^return$/,
    weigh: (value) => (/^(?:401|403|404|444)\b/.test(value) ? -1 : 0),
    subject: (value) => `return ${firstWord(value)}`,
    standing: true,
  },
  {
    control: SWITCH,
    name: /^respond$/,
    weigh: (value) => (/\b(?:401|403|404)$/.test(value) ? -1 : 0),
    subject: (value) => `respond ${value}`,
    standing: true,
  },
  {
    control: SWITCH,
    name: /^http-request$|^tcp-request$/,
    weigh: (value) =>
      /^(?:deny|auth|silent-drop|connection reject|content reject|tarpit|reject|track-)/.test(value) ? -1 : 0,
    subject: (value) => value.slice(0, 200),
  },
  { control: SWITCH, name: /^internal$/, weigh: () => -1 },
  {
    control: SWITCH,
    name: /^(?:limit_req|limit_conn|limit_except|rate_limit|client_max_body_size|limitrequestbody|limitexcept|stick-table)$/,
    weigh: (value) => (value === '0' ? 0 : -1),
  },
  {
    control: SWITCH,
    name: /^(?:modsecurity|secruleengine|modsecurityenabled)$/,
    weigh: (value) => (/^on$/i.test(value) ? -2 : /detectiononly/i.test(value) ? -1 : 0),
  },
  {
    control: SWITCH,
    name: /^secruleremovebyid$|^secruleremovebytag$|^ctl:ruleremove\w{0,20}$/,
    weigh: () => 1,
    subject: (value) => `without rule ${value}`,
  },
  {
    control: SWITCH,
    name: /^(?:autoindex|server_tokens|traceenable|serversignature|expose_php|stub_status)$/,
    weigh: opensOn,
  },
  { control: SWITCH, name: /^browse$/, weigh: () => 1 },
  {
    control: SWITCH,
    name: /^options$/,
    weigh: (value) => (/(?:^|\s)\+?(?:Indexes|ExecCGI|All|Includes)\b/i.test(value) ? 1 : 0),
  },
  { control: SWITCH, name: /^underscores_in_headers$/, weigh: opensOn },
];

/** Headers that tell a browser to be careful; in nginx and Apache set by one directive, in Caddy and HAProxy by another. */
const PROTECTING_HEADER =
  /\b(?:Strict-Transport-Security|Content-Security-Policy|X-Frame-Options|X-Content-Type-Options|Referrer-Policy|Permissions-Policy|Cross-Origin-\w+-Policy)\b/i;

const HEADERS: readonly DirectiveRow[] = [
  {
    control: SWITCH,
    name: /^(?:add_header|more_set_headers|header|http-response|set)$/,
    weigh: weighHeader,
    subject: (value) => PROTECTING_HEADER.exec(value)?.[0].toLowerCase() ?? corsHeader(value),
  },
  {
    control: SWITCH,
    name: /^[?+>]?(?:strict-transport-security|content-security-policy|x-frame-options|x-content-type-options|referrer-policy|permissions-policy)$/,
    weigh: (value) => -1 + laxities(value),
  },
  {
    control: SWITCH,
    name: /^access-control-allow-origin$/,
    weigh: (value) => (/\*|\{http\.request|\$http_origin/.test(value) ? 1 : 0),
  },
];

function weighHeader(value: string): number {
  if (/\bunset\b|\bdel-header\b/i.test(value)) return 0;
  if (PROTECTING_HEADER.test(value)) return -1 + laxities(value);
  return /access-control-allow-origin/i.test(value) &&
    /["'\s](?:\*|\$http_origin|%\{HTTP_ORIGIN\}\w*)["'\s]|\*$/i.test(value)
    ? 1
    : 0;
}

function corsHeader(value: string): string {
  return /access-control-allow-\w{1,20}/i.exec(value)?.[0].toLowerCase() ?? 'header';
}

/** What makes such a header say little. */
function laxities(value: string): number {
  return (
    ["'unsafe-inline'", "'unsafe-eval'", ' * ', 'max-age=0', 'ALLOWALL', 'unsafe-url', 'data:'].filter((word) =>
      `${value.replace(/[";]/g, ' ')} `.includes(word),
    ).length / 10
  );
}

const yesOpens = (severity?: Severity): Pick<DirectiveRow, 'weigh' | 'severity'> => ({
  weigh: (value) => (/^yes$/i.test(value) ? 1 : /^no$/i.test(value) ? -1 : 0),
  ...(severity === undefined ? {} : { severity }),
});

/** OpenSSH. */
const LOGIN: readonly DirectiveRow[] = [
  {
    control: SWITCH,
    name: /^permitrootlogin$/,
    weigh: (value) => (/^yes$/i.test(value) ? 1 : /^no$/i.test(value) ? -2 : -1),
  },
  {
    control: SWITCH,
    name: /^(?:passwordauthentication|permitemptypasswords|challengeresponseauthentication|kbdinteractiveauthentication|permituserenvironment|x11forwarding|gatewayports|hostbasedauthentication)$/,
    ...yesOpens(),
  },
  {
    control: SWITCH,
    name: /^(?:allowusers|allowgroups|denyusers|denygroups|authenticationmethods|forcecommand|chrootdirectory)$/,
    weigh: isThere,
  },
  {
    control: SWITCH,
    name: /^stricthostkeychecking$/,
    weigh: (value) => (/^(?:no|off|accept-new)$/i.test(value) ? 1 : -1),
  },
  { control: SWITCH, name: /^userknownhostsfile$/, weigh: (value) => (value === '/dev/null' ? 1 : 0) },
  { control: SWITCH, name: /^strictmodes$|^pubkeyauthentication$|^usepam$/, weigh: isThere },
];

/** What a line of OpenSSH's settings says, wherever it is written; 0 for any other line. */
export function weighLogin(line: string): number {
  const [name = '', ...rest] = line.trim().split(/\s+/);
  if (/\bNOPASSWD\b|!authenticate\b/.test(line)) return 1;
  return LOGIN.find((row) => row.name.test(name.toLowerCase()))?.weigh(rest.join(' ')) ?? 0;
}

/** HAProxy says much in the words of one line. */
const WORDS: readonly DirectiveRow[] = [
  {
    control: TLS,
    name: /^(?:bind|server|default-server|ssl-default-bind-options|ssl-default-server-options)$/,
    weigh: (value) =>
      (/\bverify none\b/.test(value) ? 2 : /\bverify (?:required|optional)\b/.test(value) ? -1 : 0) +
      (/ssl-min-ver (?:SSLv3|TLSv1\.[01])\b/.test(value)
        ? 1
        : /ssl-min-ver TLSv1\.[23]\b|no-tlsv1[01]/.test(value)
          ? -1
          : 0),
    subject: (value) => firstWord(value),
  },
];

export const DIRECTIVE_ROWS: readonly DirectiveRow[] = [...TRANSPORT, ...ACCESS, ...HEADERS, ...LOGIN, ...WORDS];
