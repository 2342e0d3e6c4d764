/** Programs by what they are used for in attacks. Base names. */
export const SHELLS: ReadonlySet<string> = new Set(['sh', 'bash', 'zsh', 'dash', 'ksh', 'ash', 'fish']);

/** They run what is given to them on standard input or as an argument. */
export const INTERPRETERS: ReadonlySet<string> = new Set([
  ...SHELLS,
  ...[
    'python',
    'python2',
    'python3',
    'node',
    'nodejs',
    'deno',
    'bun',
    'perl',
    'ruby',
    'php',
    'lua',
    'osascript',
    'pwsh',
    'powershell',
  ],
]);

export const EVALUATORS: ReadonlySet<string> = new Set(['eval', 'source', '.', 'exec']);

export const DOWNLOADERS: ReadonlySet<string> = new Set([
  'curl',
  'wget',
  'fetch',
  'aria2c',
  'http',
  'https',
  'xh',
  'lwp-request',
  'lynx',
  'telnet',
  'nc',
  'ncat',
  'netcat',
]);

export const SOCKET_PROGRAMS: ReadonlySet<string> = new Set(['nc', 'ncat', 'netcat', 'socat', 'telnet']);

export const NETWORK_PROGRAMS: ReadonlySet<string> = new Set([
  ...DOWNLOADERS,
  ...SOCKET_PROGRAMS,
  ...['ssh', 'scp', 'sftp', 'rsync', 'ftp', 'tftp', 'rclone', 'mail', 'sendmail'],
]);

export const LOOKUP_PROGRAMS: ReadonlySet<string> = new Set(['dig', 'nslookup', 'host', 'drill', 'ping', 'ping6']);

/** Files that hold secrets or identities. Matched against a word with quotes removed. */
export const SECRET_FILES: readonly RegExp[] = [
  /(^|[/=@:])\.ssh(\/|$)(?!config$)/,
  /(^|\/)id_(rsa|dsa|ecdsa|ed25519)(?!\.pub)/,
  /(^|[/@=])\.(aws|azure|gnupg|kube|gcloud)\//,
  /\.config\/(gcloud|gh|hub|glab-cli)\b/,
  /(^|[/@=])\.(netrc|npmrc|pypirc|git-credentials|pgpass|my\.cnf|vault-token|htpasswd)$/,
  /\.docker\/config\.json/,
  /(^|[/@=])\.env(\.(local|prod|production|development|staging))?$/,
  /\/etc\/(passwd|shadow|gshadow|sudoers)(\b|$)/,
  /\/proc\/(\d+|self|\$?\w+|\*)\/(environ|mem)\b/,
  /\.claude\/\.credentials\.json|\.codex\/auth\.json|\.gemini\/oauth_creds\.json/,
  /service[-_]?account[\w-]{0,40}\.json$|[\w-]{1,60}\.(pem|p12|pfx|keystore)$/,
  /(^|\/)(credentials|secrets?)(\.(json|ya?ml|txt|toml))?$/i,
  /\/(Cookies|Login Data|keychain[\w-]{0,20})(\b|$)/i,
];

/** Files that start programs at boot, login, commit, or at the next start of an agent or editor. */
export const FOOTHOLD_FILES: readonly { readonly pattern: RegExp; readonly what: string }[] = [
  { pattern: /\/etc\/cron|\/var\/spool\/cron/, what: 'a cron table' },
  { pattern: /\/(systemd\/(system|user)|LaunchAgents|LaunchDaemons)\//, what: 'a system service' },
  { pattern: /\.ssh\/(authorized_keys2?|rc)\b/, what: 'the keys that may log in' },
  { pattern: /\/etc\/(rc\.local|init\.d\/|rc\d?\.d\/|inittab)/, what: 'an init script' },
  { pattern: /\.config\/autostart\//, what: 'the autostart folder' },
  { pattern: /(^|\/)\.(git\/hooks|husky)\//, what: 'a git hook' },
  { pattern: /(^|\/)\.git\/config$/, what: 'the git configuration' },
  {
    pattern:
      /(^|\/)\.(claude|cursor|codex|gemini|qwen|opencode)\/([\w.-]{1,60}\/)?[\w.-]{1,60}\.(json|toml|md|mdc|js|ts)$/,
    what: 'agent configuration',
  },
  {
    pattern: /(^|\/)(\.mcp\.json|CLAUDE\.md|AGENTS\.md|GEMINI\.md|\.cursorrules|\.claude\.json)$/,
    what: 'agent configuration',
  },
  { pattern: /(^|\/)\.vscode\/(tasks|settings|launch)\.json$/, what: 'editor tasks' },
  { pattern: /(^|\/)\.github\/workflows\//, what: 'a workflow' },
  { pattern: /\/etc\/(sudoers(\.d)?|ld\.so\.preload|pam\.d)\b/, what: 'who may become root' },
  {
    pattern: /release_agent$|\/proc\/sys\/kernel\/core_pattern/,
    what: 'a handler that the kernel runs outside the container',
  },
  { pattern: /sitecustomize\.py$|[\w-]{1,80}\.pth$/, what: 'a file that every Python start runs' },
];

/** Files that every shell reads as it starts. */
export const PROFILE_FILES =
  /(^|\/)\.(bashrc|bash_profile|bash_login|bash_logout|profile|zshrc|zprofile|zshenv|zlogin|kshrc|envrc)$|\/etc\/(profile|bash\.bashrc|zshrc|environment)(\.d\/|$)|config\/fish\/config\.fish$/;

/** Records that somebody may need afterwards. */
export const LOG_FILES =
  /\/var\/log(\/|$)|(^|\/)\.(bash|zsh|sh|python|node_repl|mysql|psql)_history$|\.claude\/(projects|history)|\.codex\/(sessions|history)/;

/** Names of variables that hold secrets. */
export const SECRET_VARIABLE = /(KEY|TOKEN|SECRET|PASSW|PASSWD|PWD|CREDENTIAL|AUTH|PRIVATE|SESSION|COOKIE)/i;
