import type { SafeguardTable } from './safeguard-row.ts';

const SLASHES = /^\s*(?:\/\/|\*|\/\*)/;

/** What a script fetched is compared with what was expected. */
const DOWNLOADS: SafeguardTable = {
  files:
    /\.(?:sh|bash|zsh|ps1|psm1|bats|mk|ya?ml|rb)$|(?:^|\/)(?:Dockerfile|Containerfile|Makefile|configure|install)[\w.-]*$/,
  remark: /^\s*#/,
  rows: [
    {
      name: 'a download is compared with its digest or signature',
      pattern:
        /\b(?:sha(?:1|224|256|384|512)|md5|b2)sum\b[^\n|;&]{0,200}(?:\s-c\b|\s--check\b)|\bshasum\b[^\n|;&]{0,200}\s(?:-c|--check)\b|\bgpgv?2?\s[^\n|;&]{0,200}--verify\b|\bgpgv\s|\bcosign\s{1,3}verify(?:-blob|-attestation)?\b|\bslsa-verifier\s{1,3}verify|\bgh\s{1,3}attestation\s{1,3}verify\b|\bminisign\s[^\n|;&]{0,100}-\w{0,5}V|\bsignify\s[^\n|;&]{0,100}-\w{0,5}V|\bssh-keygen\s{1,3}-Y\s{1,3}verify\b|\bopenssl\s{1,3}dgst\b[^\n|;&]{0,200}-verify\b|\bGet-FileHash\b|\bGet-AuthenticodeSignature\b|^[ \t]{0,8}ADD\s{1,3}--checksum=/gm,
      weight: -1,
    },
  ],
};

/** What is fetched is what was agreed on, and from whom. */
const PACKAGES: SafeguardTable = {
  files: DOWNLOADS.files,
  remark: /^\s*#/,
  rows: [
    {
      name: 'packages are those that the lock names',
      pattern:
        /(?<=\s)(?:--require-hashes|--frozen-lockfile|--immutable|--locked|--frozen|-mod=(?:readonly|vendor)|--ignore-scripts)(?=\s|$)/gm,
      weight: -1,
    },
    {
      name: 'packages are taken from whoever offers them',
      pattern:
        /\b(?:GOSUMDB=off|GONOSUMDB=|GONOSUMCHECK=1|GOINSECURE=|GIT_SSL_NO_VERIFY=(?:1|true)|PIP_TRUSTED_HOST=)|(?<=\s)(?:--trusted-host|--allow-unauthenticated|--nogpgcheck|--no-gpg-checks?|--force-yes|-mod=mod)(?=[\s=]|$)|\bGOFLAGS=\S{0,60}-insecure/gm,
      weight: 1,
    },
  ],
};

/** Programs that a build starts because its file says so. */
const BUILD_STEPS: readonly SafeguardTable[] = [
  {
    control: 'install-script-added',
    files: /(?:^|\/)pom\.xml$|\.(?:csproj|vbproj|fsproj|props|targets)$/,
    remark: /^\s*<!--/,
    rows: [
      {
        name: 'program of the build',
        pattern:
          /<artifactId>(?:exec-maven-plugin|maven-antrun-plugin|groovy-maven-plugin|gmavenplus-plugin|frontend-maven-plugin)<|<Exec\s[^>\n]{0,300}|<(?:Pre|Post)BuildEvent>|<UsingTask\s/g,
        weight: 1,
      },
    ],
  },
  {
    control: 'install-script-added',
    files: /\.gradle(?:\.kts)?$/,
    remark: SLASHES,
    rows: [
      {
        name: 'program of the build',
        pattern:
          /\bcommandLine\b[^\n]{0,200}|\bexec\s{0,3}\{|["'\])]\.execute\(\)|\bgetRuntime\(\)|\bProcessBuilder\(/g,
        weight: 1,
      },
    ],
  },
  {
    control: 'install-script-added',
    files: /(?:^|\/)composer\.json$/,
    remark: /^\s*\/\//,
    rows: [
      {
        name: 'program of the package client',
        pattern:
          /"(?:pre|post)-(?:install|update|status|archive|autoload-dump|root-package-install|create-project|package-\w{1,12})(?:-cmd)?"\s{0,4}:/g,
        weight: 1,
      },
    ],
  },
];

/** Languages whose compiler keeps memory or money safe until it is told not to. */
const RELEASED: SafeguardTable = {
  files: /\.(?:rs|cs|swift|sol|zig|d|cls|trigger|apex)$/,
  remark: /^\s*(?:\/\/|\*|\/\*)/,
  rows: [
    {
      name: 'memory is read without its bounds',
      pattern:
        /\bget_unchecked(?:_mut)?\(|\bfrom_utf8_unchecked\(|\btransmute(?:_copy)?\b(?=[(:])|\bset_len\(|\bunwrap_unchecked\(|@setRuntimeSafety\(false\)/g,
      weight: 1,
    },
    {
      name: 'a modifier that refuses',
      pattern: /\b(?:only[A-Z]\w{1,40}|nonReentrant|whenNotPaused|initializer|auth)\b(?=[^;={}\n]{0,200}\{)/g,
      weight: -1,
    },
    { name: 'whoever started the transaction is asked for', pattern: /\btx\.origin\b/g, weight: 1 },
    {
      name: 'rights of whoever asks',
      pattern: /\bwith\s{1,3}sharing\b|\bWITH\s{1,3}(?:SECURITY_ENFORCED|USER_MODE)\b|\bstripInaccessible\(/g,
      weight: -1,
    },
  ],
};

/** Queries with text in them, by how each language puts it in. */
const QUERIES: SafeguardTable = {
  files: /\.(?:rb|rake|php|phtml|inc|cs|vb|fs|kts?|scala|groovy|swift|dart|exs?|pl|pm|rs|lua|jl|nim|cr|ps1)$/,
  remark: /^\s*(?:#|\/\/|\*|\/\*|--)/,
  rows: [
    {
      name: 'a query with text in it',
      pattern:
        /["'`]\s{0,8}(?:select\s|insert\s{1,3}into|update\s|delete\s{1,3}from|where\s|and\s|order\s{1,3}by|with\s)[^"\n]{0,400}?(?:#\{|\$\{?[A-Za-z_]|(?<=['=\s(])\{[A-Za-z_][\w.]{0,60}\}|\\\(|["']\s?(?:\.{1,2}|\+|&|<>)\s?\$?[A-Za-z_])/gi,
      weight: 1,
    },
    {
      name: 'a query with text in it',
      pattern: /\b(?:where|order|having|pluck|joins|exists\?|find_by_sql)[ (]{1,2}"[^"\n]{0,300}#\{/g,
      weight: 1,
    },
    {
      name: 'a field that gives power can be set from outside',
      pattern:
        /(?:\.permit\(|\$fillable\s{0,3}=\s{0,3}\[|attr_accessible\s)[^)\]\n]{0,400}?['":](?:is_)?(?:admin|roles?|role_id|role_ids|owner_id|permissions?|superuser|staff|confirmed|verified|balance|tenant_id)\b/g,
      weight: 1,
    },
  ],
};

export const PROGRAM_TABLES: readonly SafeguardTable[] = [DOWNLOADS, PACKAGES, ...BUILD_STEPS, RELEASED, QUERIES];
