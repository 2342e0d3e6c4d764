import type { SafeguardTable } from './safeguard-row.ts';

/** Settings of machines and services that are lines of words, each format its own. */
const SYSTEM = { control: 'protective-setting-off', remark: /^\s*[#;]/ } as const;

const SUDO: SafeguardTable = {
  ...SYSTEM,
  files: /(?:^|\/)sudoers(?:\.d\/[\w.-]+|[\w.-]*)$/,
  rows: [
    { name: 'a command as somebody else without a password', pattern: /\bNOPASSWD:|!authenticate\b/g, weight: 1 },
    {
      name: 'every command',
      pattern: /=\s{0,4}(?:\([\w:, ]{1,60}\)\s{0,4})?(?:[A-Z]{2,20}:\s{0,4})*ALL\b/g,
      weight: 1,
    },
    {
      name: 'what bounds a command',
      pattern:
        /^[ \t]{0,4}Defaults\S{0,60}[ \t]{1,8}(?:requiretty|use_pty|env_reset|secure_path|logfile|log_input|log_output|timestamp_timeout|passwd_tries)\b/gm,
      weight: -1,
    },
  ],
};

const PAM: SafeguardTable = {
  ...SYSTEM,
  files: /(?:^|\/)pam\.d\/[\w.-]+$/,
  rows: [
    {
      name: 'a module that must be passed',
      pattern:
        /^[ \t]{0,4}-?(?:auth|account|password|session)[ \t]{1,20}(?:required|requisite)[ \t]{1,20}(?!pam_permit)[^\n]{1,100}/gm,
      weight: -1,
    },
    {
      name: 'a module that lets everybody pass',
      pattern: /^[ \t]{0,4}-?(?:auth|account)[ \t]{1,20}[^\n]{1,40}\bpam_permit\.so|\bnullok\b/gm,
      weight: 1,
    },
  ],
};

/** systemd.exec(5). */
const UNITS: SafeguardTable = {
  ...SYSTEM,
  files: /\.(?:service|socket|timer|mount|container|pod)$|\.(?:service|socket)\.d\/[\w.-]+\.conf$/,
  rows: [
    {
      name: 'a unit is kept apart',
      each: true,
      pattern:
        /^(NoNewPrivileges|PrivateTmp|PrivateDevices|PrivateNetwork|PrivateUsers|ProtectKernelTunables|ProtectKernelModules|ProtectKernelLogs|ProtectControlGroups|ProtectClock|ProtectHostname|MemoryDenyWriteExecute|LockPersonality|RestrictRealtime|RestrictSUIDSGID|DynamicUser|RemoveIPC)[ \t]{0,4}=[ \t]{0,4}(?:yes|true|1|on)\b/gm,
      weight: -1,
    },
    {
      name: 'a unit is kept apart',
      each: true,
      pattern:
        /^(ProtectSystem|ProtectHome|ProtectProc|RestrictAddressFamilies|RestrictNamespaces|SystemCallFilter|SystemCallArchitectures|CapabilityBoundingSet|IPAddressDeny|InaccessiblePaths|ReadOnlyPaths|RootDirectory|UMask|DevicePolicy)[ \t]{0,4}=(?![ \t]{0,4}(?:no|false|off|0)\b)/gm,
      weight: -1,
    },
    { name: 'a user of its own', pattern: /^User[ \t]{0,4}=[ \t]{0,4}(?!root\b|0\b)[\w-]/gm, weight: -1 },
    {
      name: 'power over the machine',
      pattern: /^AmbientCapabilities[ \t]{0,4}=[ \t]{0,4}\S|^ExecStart[A-Za-z]{0,4}[ \t]{0,4}=[ \t]{0,4}[+!]/gm,
      weight: 1,
    },
  ],
};

/** PostgreSQL (client authentication), Redis, MySQL, Samba, NFS. */
const STORES: readonly SafeguardTable[] = [
  {
    ...SYSTEM,
    files: /(?:^|\/)pg_hba[\w.-]*\.conf(?:\.\w+)?$/,
    rows: [
      {
        name: 'a client without proof',
        pattern: /^[ \t]{0,4}(?:local|host\w*)[ \t][^\n]{1,200}[ \t](?:trust|password|ident)\b/gm,
        weight: 1,
        severity: 'critical',
      },
      {
        name: 'a client without encryption',
        pattern: /^[ \t]{0,4}host(?:nossl)?[ \t](?![^\n]{1,200}(?:127\.0\.0\.1|::1|\breject\b))/gm,
        weight: 1,
      },
      {
        name: 'a client from anywhere',
        pattern:
          /[ \t](?:0\.0\.0\.0\/0|::\/0|all)[ \t]{1,20}(?!reject)(?:md5|scram\S{0,10}|trust|password|ident|cert|ldap|gss|pam)\b/gm,
        weight: 1,
      },
      { name: 'clients that are refused', pattern: /[ \t]reject\b/g, weight: -1 },
    ],
  },
  {
    ...SYSTEM,
    files: /(?:^|\/)(?:redis|valkey|sentinel|keydb)[\w.-]*\.conf(?:\.\w+)?$/,
    rows: [
      {
        name: 'commands for those who may',
        each: true,
        pattern:
          /^(protected-mode[ \t]{1,8}yes|requirepass|masterauth|aclfile|rename-command[ \t]{1,8}\w{1,30}|tls-auth-clients[ \t]{1,8}yes|tls-port)\b/gm,
        weight: -1,
      },
      {
        name: 'commands for everybody',
        each: true,
        pattern:
          /^(protected-mode[ \t]{1,8}no\b|bind[ \t]{1,8}(?:0\.0\.0\.0|\*|::)|user[ \t]{1,8}default[^\n]{0,100}\bnopass\b|enable-debug-command[ \t]{1,8}yes)/gm,
        weight: 1,
      },
    ],
  },
  {
    ...SYSTEM,
    files: /(?:^|\/)(?:my|mysqld?|mariadb|smb|exports)[\w.-]{0,40}$|\.cnf$/,
    rows: [
      {
        name: 'anybody without proof',
        pattern:
          /^[ \t]{0,8}(?:skip[-_]grant[-_]tables|guest ok[ \t]{0,4}=[ \t]{0,4}yes|public[ \t]{0,4}=[ \t]{0,4}yes|map to guest[ \t]{0,4}=[ \t]{0,4}(?!never)\w)/gim,
        weight: 1,
      },
      {
        name: 'who may connect',
        each: true,
        pattern:
          /^[ \t]{0,8}(hosts allow|hosts deny|valid users|server signing|smb encrypt|read only)[ \t]{0,4}=[ \t]{0,4}(?!no\b|auto\b)\S/gim,
        weight: -1,
      },
      {
        name: 'the power of whoever mounts',
        pattern: /\bno_root_squash\b|\bno_all_squash\b|(?:^|[ \t])\*\(/gm,
        weight: 1,
      },
    ],
  },
];

/** Packet filters and AppArmor. */
const FILTERS: readonly SafeguardTable[] = [
  {
    ...SYSTEM,
    files: /(?:^|\/)(?:rules\.v[46]|ip6?tables[\w.-]*|nftables[\w.-]*|ufw[\w.-]*)$|\.(?:nft|iptables)$/,
    rows: [
      {
        name: 'refused where nothing allows it',
        pattern:
          /^:(?:INPUT|FORWARD|OUTPUT) (?:DROP|REJECT)|-P (?:INPUT|FORWARD|OUTPUT) (?:DROP|REJECT)|\bpolicy drop\b|-j (?:DROP|REJECT)\b|\b(?:drop|reject)$|^DEFAULT_\w{1,10}_POLICY="?(?:DROP|REJECT)/gm,
        weight: -1,
      },
      {
        name: 'allowed from anywhere',
        pattern:
          /^-A INPUT (?![^\n]{0,200}(?:\s-s\s|\s-i lo\b|conntrack|state))[^\n]{0,200}-j ACCEPT|\btcp dport \d{1,5} accept$/gm,
        weight: 1,
      },
    ],
  },
  {
    ...SYSTEM,
    files: /(?:^|\/)apparmor(?:\.d)?\/[\w.-]+$|\.apparmor$/,
    rows: [
      { name: 'what a profile denies', pattern: /^[ \t]{1,20}(?:audit )?deny [^\n]{1,200}/gm, weight: -1 },
      { name: 'a profile that only complains', pattern: /flags=\([^)]{0,60}\b(?:complain|unconfined)\b/g, weight: 1 },
      {
        name: 'what a profile lets out',
        pattern:
          /^[ \t]{1,20}(?:capability (?:sys_admin|sys_ptrace|sys_module|dac_override|setuid)|[^\n]{1,200}\s[rwm]{0,3}[uU]x),/gm,
        weight: 1,
      },
    ],
  },
];

/** Pages of hosts, property lists of Apple, initialisers of Rails. */
const APPLICATIONS: readonly SafeguardTable[] = [
  {
    ...SYSTEM,
    files: /(?:^|\/)_headers$/,
    rows: [
      {
        name: 'a header that makes browsers careful',
        each: true,
        pattern:
          /^[ \t]{1,8}(X-Frame-Options|Content-Security-Policy|Strict-Transport-Security|X-Content-Type-Options|Referrer-Policy|Permissions-Policy):/gim,
        weight: -1,
      },
      { name: 'every origin', pattern: /^[ \t]{1,8}Access-Control-Allow-Origin:[ \t]{0,4}\*/gim, weight: 1 },
    ],
  },
  {
    ...SYSTEM,
    files: /\.(?:plist|entitlements)$/,
    rows: [
      {
        name: 'plain connections',
        pattern:
          /<key>(?:NSAllowsArbitraryLoads\w{0,20}|NSExceptionAllowsInsecureHTTPLoads|NSAllowsLocalNetworking\.never)<\/key>\s{0,40}<true\/>/g,
        weight: 1,
      },
      {
        name: 'a program that is kept apart',
        pattern: /<key>com\.apple\.security\.app-sandbox<\/key>\s{0,40}<true\/>/g,
        weight: -1,
      },
      {
        name: 'a right that others use to get in',
        each: true,
        pattern:
          /<key>(com\.apple\.security\.(?:cs\.(?:disable-library-validation|allow-unsigned-executable-memory|allow-dyld-environment-variables|disable-executable-page-protection|allow-jit)|get-task-allow|temporary-exception\.[\w.-]{1,60}))<\/key>\s{0,40}<true\/>/g,
        weight: 1,
      },
    ],
  },
  {
    ...SYSTEM,
    files: /(?:^|\/)config\/(?:initializers|environments)\/[\w/]+\.rb$|(?:^|\/)config\/application\.rb$/,
    rows: [
      {
        name: 'what stays out of logs',
        each: true,
        pattern: /(?<=filter_parameters[^\n]{0,300}):([a-z_]{1,40})\b/g,
        weight: -1,
      },
      {
        name: 'every host',
        pattern: /\bconfig\.hosts(?:\.clear\b|\s{0,3}=\s{0,3}nil\b)|\bhosts\s{0,3}<<\s{0,3}\/\.\*\//g,
        weight: 1,
      },
      { name: 'every origin', pattern: /\borigins\s{0,3}\(?\s{0,3}['"]\*['"]/g, weight: 1 },
      { name: 'scripts in the page', each: true, pattern: /:(unsafe_inline|unsafe_eval)\b/g, weight: 1 },
    ],
  },
];

export const SYSTEM_TABLES: readonly SafeguardTable[] = [SUDO, PAM, UNITS, ...STORES, ...FILTERS, ...APPLICATIONS];
