import type { Confidence, Severity } from '../../findings/index.ts';

/**
 * A weakness that one command shows by itself. `match` and `unless` are tried on the arguments as one line, quotes
 * removed. Every option ends at a blank or at the end of the line, so that a part of a longer word is none.
 */
export interface CommandRow {
  readonly id: string;
  readonly rule: string;
  readonly programs: readonly string[];
  readonly match: RegExp;
  readonly unless?: RegExp;
  /** In the words of a reader; the program's name is put in front. */
  readonly says: string;
  readonly severity?: Severity;
  readonly confidence?: Confidence;
}

/** Requests to the machine itself: nobody is in between. */
const TO_ITSELF = /\b(?:localhost|127\.0\.0\.1|\[::1\])(?=[:/ ]|$)/;

const CONTAINER_PROGRAMS = ['docker', 'podman', 'nerdctl'];

export const COMMAND_ROWS: readonly CommandRow[] = [
  {
    id: 'curl-insecure',
    rule: 'CODE45',
    programs: ['curl'],
    match: /(?:^| )(?:-[a-zA-Z]*k[a-zA-Z]*|--insecure|--proxy-insecure)(?= |$)/,
    // Without TLS there is no certificate.
    unless: /\b(?:localhost|127\.0\.0\.1|\[::1\])(?=[:/ ]|$)|^(?!.*\bhttps:).*\bhttp:/,
    says: 'takes any certificate (-k)',
  },
  {
    id: 'wget-insecure',
    rule: 'CODE45',
    programs: ['wget', 'wget2', 'aria2c'],
    match: /(?:^| )--(?:no-check-certificate|check-certificate=(?:false|off|quiet))(?= |$)/,
    unless: TO_ITSELF,
    says: 'takes any certificate',
  },
  {
    id: 'git-insecure',
    rule: 'CODE45',
    programs: ['git'],
    match: /\bhttp\.(?:\S+\.)?sslVerify[= ]"?(?:false|0|no|off)(?= |$)/i,
    says: 'takes any certificate (http.sslVerify)',
  },
  {
    id: 'npm-insecure',
    rule: 'CODE45',
    programs: ['npm', 'pnpm', 'yarn', 'bun'],
    match: /\b(?:strict-ssl|enableStrictSsl)[= ]false(?= |$)/,
    says: 'takes packages from any server (strict-ssl off)',
  },
  {
    id: 'pip-insecure',
    rule: 'CODE45',
    programs: ['pip', 'pip3', 'pipenv', 'python', 'python3', 'uv'],
    match: /(?:^| )--(?:trusted-host|allow-insecure-host)[= ]\S/,
    unless: TO_ITSELF,
    says: 'takes packages from a host without checking its certificate',
  },
  {
    id: 'cluster-insecure',
    rule: 'CODE45',
    programs: ['kubectl', 'helm', 'oc', 'argocd', 'flux', 'skopeo', 'crane'],
    match: /(?:^| )--(?:(?:insecure-skip-tls-verify|insecure)(?:=true)?|(?:src-|dest-)?tls-verify=false)(?= |$)/,
    unless: TO_ITSELF,
    says: 'takes any certificate of the other side',
  },
  {
    id: 'cloud-insecure',
    rule: 'CODE45',
    programs: ['aws', 'http', 'https', 'svn', 'conda', 'composer'],
    match:
      /(?:^| )(?:--no-verify-ssl|--verify[= ]no|--trust-server-cert(?:-failures=\S+)?|config --set ssl_verify (?:false|no)|config (?:-g |--global )?disable-tls true)(?= |$)/i,
    unless: TO_ITSELF,
    says: 'takes any certificate',
  },
  {
    id: 'ssh-any-host',
    rule: 'CODE65',
    programs: ['ssh', 'scp', 'sftp', 'rsync', 'git', 'autossh', 'ssh-copy-id', 'echo', 'printf'],
    match: /StrictHostKeyChecking(?:=| +|\\t)(?:no|off)\b|UserKnownHostsFile(?:=| +)\/dev\/null/i,
    says: 'talks to any host that answers (StrictHostKeyChecking no)',
  },
  {
    id: 'apt-unsigned',
    rule: 'CODE82',
    programs: ['apt', 'apt-get', 'aptitude'],
    match:
      /--(?:allow-unauthenticated|force-yes|allow-insecure-repositories)(?= |$)|AllowUnauthenticated=(?:true|1|yes)|AllowInsecureRepositories=(?:true|1|yes)|Verify-(?:Peer|Host)=(?:false|0|no)/i,
    says: 'installs packages without their signature',
  },
  {
    id: 'apt-trusted-source',
    rule: 'CODE82',
    programs: ['echo', 'printf', 'add-apt-repository'],
    match: /\bdeb(?:-src)? \[[^\]]{0,200}\btrusted=yes\b/,
    says: 'adds a package source whose signature is not checked',
  },
  {
    id: 'rpm-unsigned',
    rule: 'CODE82',
    programs: ['yum', 'dnf', 'microdnf', 'zypper', 'rpm', 'tdnf'],
    match: /(?:^| )--(?:nogpgcheck|no-gpg-checks?|gpg-auto-import-keys|nosignature)(?= |$)|\bgpgcheck=0\b/,
    says: 'installs packages without their signature',
  },
  {
    id: 'apk-unsigned',
    rule: 'CODE82',
    programs: ['apk'],
    match: /(?:^| )--allow-untrusted(?= |$)/,
    says: 'installs packages without their signature',
  },
  {
    id: 'world-writable',
    rule: 'CODE55',
    programs: ['chmod'],
    match: /(?:^| )(?:(?:0?[0246])?[0-7]{2}[2367]|[ug]*[oa][ugoa]*[+=][rxXst]*w[rwxXst]*)(?= |$)/,
    unless: / \/dev\//,
    says: 'lets every user of the machine write there',
  },
  {
    id: 'made-world-writable',
    rule: 'CODE55',
    programs: ['install', 'mkdir'],
    match: /(?:^| )(?:-[a-zA-Z]*m|--mode)[= ]?(?:0?[0246])?[0-7]{2}[2367](?= |$)/,
    says: 'lets every user of the machine write there',
  },
  {
    id: 'open-mask',
    rule: 'CODE55',
    programs: ['umask'],
    match: /^0{1,4}$/,
    says: 'lets every user of the machine write to new files',
  },
  {
    id: 'container-privileged',
    rule: 'CODE91',
    programs: CONTAINER_PROGRAMS,
    match: /^(?:container )?(?:run|create) .*--privileged(?:=true)?(?= |$)/,
    says: 'starts a container with all rights on the machine (--privileged)',
  },
  {
    id: 'container-socket',
    rule: 'CODE91',
    programs: CONTAINER_PROGRAMS,
    match:
      /^(?:container )?(?:run|create) .*(?:-v|--volume|--mount)[= ]\S*(?:docker|podman|containerd)\.sock(?=[:, ]|$)/,
    says: 'gives a container the socket that starts containers',
  },
  {
    id: 'container-host-files',
    rule: 'CODE91',
    programs: CONTAINER_PROGRAMS,
    match:
      /^(?:container )?(?:run|create) .*(?:(?:-v|--volume)[= ]\/:\S|--cap-add[= ](?:ALL|SYS_ADMIN|CAP_SYS_ADMIN)\b|--pid[= ]host(?= |$)|seccomp[=:]unconfined)/i,
    says: 'gives a container what lies outside it',
  },
  {
    id: 'sudo-without-password',
    rule: 'CODE86',
    programs: ['echo', 'printf', 'sed', 'tee', 'cat'],
    match: /NOPASSWD: *ALL\b/,
    says: 'lets an account become root without a password',
  },
  {
    id: 'password-argument',
    rule: 'CODE90',
    programs: ['sshpass'],
    match: /(?:^| )-p ?\S/,
    says: 'is given a password as an argument',
  },
  {
    id: 'login-password-argument',
    rule: 'CODE90',
    programs: ['docker', 'podman', 'nerdctl', 'helm', 'skopeo', 'buildah', 'oras', 'az'],
    match: /\blogin\b.* (?:-p|--password)[= ]?[^\s-]/,
    says: 'is given a password as an argument',
  },
  {
    id: 'database-password-argument',
    rule: 'CODE90',
    programs: ['mysql', 'mysqldump', 'mysqladmin', 'mariadb', 'mongo', 'mongosh', 'mongodump'],
    match: /(?:^| )(?:-p(?=[^\s-])|--password[= ]\S)/,
    says: 'is given a password as an argument',
  },
  {
    id: 'redis-password-argument',
    rule: 'CODE90',
    programs: ['redis-cli'],
    match: /(?:^| )(?:-a|--pass) \S/,
    says: 'is given a password as an argument',
  },
  {
    id: 'shell-by-netcat',
    rule: 'CODE92',
    programs: ['nc', 'ncat', 'netcat', 'socat'],
    match:
      /(?:^| )(?:-[a-z]*[ec]|--(?:exec|sh-exec)) ?(?:\/(?:usr\/)?bin\/)?(?:ba|da|z)?sh\b|exec:["']?(?:\/(?:usr\/)?bin\/)?(?:ba|da|z)?sh\b/i,
    says: 'hands a shell to whoever is at the other end',
  },
];

/** A variable of the environment that switches a check off. */
export interface SettingRow {
  readonly name: string;
  readonly rule: string;
  readonly value: RegExp;
  readonly says: string;
}

const OFF = /^(?:0|false|no|off)$/i;
const ON = /^(?:1|true|yes|on)$/i;

export const SETTING_ROWS: readonly SettingRow[] = [
  { name: 'NODE_TLS_REJECT_UNAUTHORIZED', rule: 'CODE45', value: OFF, says: 'Node takes any certificate' },
  { name: 'GIT_SSL_NO_VERIFY', rule: 'CODE45', value: ON, says: 'git takes any certificate' },
  { name: 'PYTHONHTTPSVERIFY', rule: 'CODE45', value: OFF, says: 'Python takes any certificate' },
  { name: 'npm_config_strict_ssl', rule: 'CODE45', value: OFF, says: 'npm takes packages from any server' },
  { name: 'NPM_CONFIG_STRICT_SSL', rule: 'CODE45', value: OFF, says: 'npm takes packages from any server' },
  { name: 'YARN_ENABLE_STRICT_SSL', rule: 'CODE45', value: OFF, says: 'yarn takes packages from any server' },
  { name: 'CONDA_SSL_VERIFY', rule: 'CODE45', value: OFF, says: 'conda takes packages from any server' },
  { name: 'BUNDLE_SSL_VERIFY_MODE', rule: 'CODE45', value: OFF, says: 'bundler takes packages from any server' },
  { name: 'PIP_TRUSTED_HOST', rule: 'CODE45', value: /\S/, says: 'pip does not check the certificate of a host' },
  { name: 'GOINSECURE', rule: 'CODE45', value: /\*|\S/, says: 'Go fetches modules without checking the server' },
  { name: 'GOSUMDB', rule: 'CODE82', value: /^off$/, says: 'Go does not check what modules are' },
  { name: 'GONOSUMCHECK', rule: 'CODE82', value: ON, says: 'Go does not check what modules are' },
  { name: 'ANSIBLE_HOST_KEY_CHECKING', rule: 'CODE65', value: OFF, says: 'Ansible talks to any host that answers' },
  {
    name: 'GIT_SSH_COMMAND',
    rule: 'CODE65',
    value: /StrictHostKeyChecking[= ](?:no|off)\b|UserKnownHostsFile[= ]\/dev\/null/i,
    says: 'git talks to any host that answers',
  },
];
