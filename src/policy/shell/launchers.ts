/**
 * A program that starts another program named in its arguments. The rows say how to find the inner command; an option
 * that no row knows makes the command opaque (reference: measured wrapper forms of coding agents).
 */
export interface Launcher {
  readonly names: readonly string[];
  /** Words that must follow the program for the row to apply: `npm exec`, `docker run`. */
  readonly subcommands?: readonly string[];
  /** Options without a value. `*` accepts every option that is not in `valued`. */
  readonly flags: readonly string[];
  /** Options that take the next word as their value. */
  readonly valued?: readonly string[];
  /** Operands that stand before the inner command, for example the duration of `timeout`. */
  readonly operands?: number;
  /** `NAME=value` words may stand before the inner command. */
  readonly assigns?: boolean;
  /** The inner command is one word of shell text, or words that are joined to it. */
  readonly inner: 'words' | 'text';
  /** True: the launcher adds nothing of its own, so a grant for the inner command is enough. */
  readonly transparent: boolean;
  /** Further words that only the running program knows are added, as `xargs` does. */
  readonly appends?: boolean;
}

const ANY = ['*'];

export const LAUNCHERS: readonly Launcher[] = [
  {
    names: ['timeout', 'gtimeout'],
    flags: ['--foreground', '--preserve-status', '-v', '--verbose'],
    valued: ['-k', '--kill-after', '-s', '--signal'],
    operands: 1,
    inner: 'words',
    transparent: true,
  },
  {
    names: ['time'],
    flags: ['-p', '-v', '-a'],
    valued: ['-f', '-o'],
    assigns: true,
    inner: 'words',
    transparent: true,
  },
  // Behind a first one that the grammar takes for its own: `! ! a`.
  { names: ['!'], flags: [], inner: 'words', transparent: true },
  { names: ['nice', 'gnice'], flags: [], valued: ['-n', '--adjustment'], inner: 'words', transparent: true },
  { names: ['nohup', 'noglob', 'nocorrect'], flags: [], inner: 'words', transparent: true },
  {
    names: ['stdbuf'],
    flags: [],
    valued: ['-i', '-o', '-e', '--input', '--output', '--error'],
    inner: 'words',
    transparent: true,
  },
  { names: ['command', 'builtin'], flags: ['-p'], inner: 'words', transparent: true },
  { names: ['exec'], flags: ['-c', '-l'], valued: ['-a'], inner: 'words', transparent: true },
  {
    names: ['env', 'genv'],
    flags: ['-', '-i', '--ignore-environment', '-0', '--null', '-v', '--debug'],
    valued: ['-u', '--unset'],
    assigns: true,
    inner: 'words',
    transparent: true,
  },
  {
    names: ['xargs', 'gxargs'],
    flags: ['-0', '--null', '-r', '--no-run-if-empty', '-t', '--verbose', '-x', '--exit', '-o', '--open-tty', '-p'],
    valued: [
      '-n',
      '-L',
      '-P',
      '-I',
      '-i',
      '-d',
      '-a',
      '-E',
      '-s',
      '--max-args',
      '--max-procs',
      '--replace',
      '--delimiter',
    ],
    inner: 'words',
    transparent: true,
    appends: true,
  },
  { names: ['eval'], flags: ['--'], inner: 'text', transparent: true },
  // From here on: programs that change identity, place or lifetime. They need a grant of their own.
  {
    names: ['sudo', 'doas', 'pkexec', 'run0'],
    flags: ['-n', '-E', '-H', '-S', '-b', '-k', '-i', '-s', '-A', '-P'],
    valued: ['-u', '-g', '-h', '-p', '-C', '-D', '-R', '-T', '-U', '--user', '--group'],
    assigns: true,
    inner: 'words',
    transparent: false,
  },
  {
    names: ['runuser', 'setpriv', 'chroot', 'unshare', 'nsenter', 'bwrap', 'firejail'],
    flags: ANY,
    inner: 'words',
    transparent: false,
  },
  {
    names: ['setsid', 'coproc', 'ionice', 'chrt', 'taskset', 'flock', 'prlimit'],
    flags: ANY,
    inner: 'words',
    transparent: false,
  },
  {
    names: [
      'strace',
      'ltrace',
      'gdb',
      'valgrind',
      'perf',
      'watch',
      'entr',
      'parallel',
      'rlwrap',
      'unbuffer',
      'script',
      'systemd-run',
      'dbus-run-session',
      'xvfb-run',
      'faketime',
      'proxychains',
      'torsocks',
      'direnv',
      'dotenv',
      'cross-env',
      'nodemon',
      'concurrently',
      'start',
      'open',
      'tmux',
      'screen',
      'su',
      'at',
      'batch',
      'ssh',
      'mosh',
      'lxc-attach',
    ],
    flags: ANY,
    inner: 'words',
    transparent: false,
  },
  { names: ['busybox', 'toybox'], flags: ANY, inner: 'words', transparent: false },
  { names: ['npx', 'bunx', 'pnpx', 'uvx', 'pipx', 'corepack'], flags: ANY, inner: 'words', transparent: false },
  {
    names: ['npm', 'pnpm', 'yarn', 'bun'],
    subcommands: ['exec', 'x', 'dlx'],
    flags: ANY,
    inner: 'words',
    transparent: false,
  },
  {
    names: ['uv', 'poetry', 'pipenv', 'rye', 'hatch', 'pdm', 'conda', 'mamba', 'micromamba'],
    subcommands: ['run'],
    flags: ANY,
    inner: 'words',
    transparent: false,
  },
  {
    names: ['bundle', 'mise', 'asdf', 'rbenv', 'pyenv', 'nvm', 'volta', 'rustup'],
    subcommands: ['exec', 'run'],
    flags: ANY,
    inner: 'words',
    transparent: false,
  },
  {
    names: ['docker', 'podman', 'nerdctl', 'kubectl', 'oc', 'docker-compose'],
    subcommands: ['exec', 'run', 'compose'],
    flags: ANY,
    inner: 'words',
    transparent: false,
  },
  {
    names: ['git'],
    subcommands: ['bisect', 'submodule', 'filter-branch'],
    flags: ANY,
    inner: 'words',
    transparent: false,
  },
];

/** Programs whose `-c` takes shell text. */
export const SHELLS: ReadonlySet<string> = new Set([
  'sh',
  'bash',
  'dash',
  'zsh',
  'ksh',
  'ksh93',
  'mksh',
  'ash',
  'rbash',
]);

/** Stands for program text that is read from standard input. */
export const INTERPRETER_TEXT = 'standard input';

/** Shells of another language: their `-c` text is unknown code. */
export interface Interpreter {
  readonly names: RegExp;
  /** Options whose value is program text. */
  readonly inline: readonly string[];
  /** Without a script operand the program is read from standard input. */
  readonly readsInput: boolean;
  /** Options with which it is not: they say what is run instead, or that nothing is. `--version` and `--help` do for all. */
  readonly modes?: readonly string[];
}

export const INTERPRETERS: readonly Interpreter[] = [
  { names: /^(python|pypy)[0-9.]*$/, inline: ['-c'], readsInput: true, modes: ['-m', '-V', '-h'] },
  {
    names: /^(node|nodejs|bun|tsx|ts-node)$/,
    inline: ['-e', '--eval', '-p', '--print', '-pe'],
    readsInput: true,
    modes: ['--test', '--run', '-v', '-h'],
  },
  { names: /^deno$/, inline: ['eval', 'repl'], readsInput: false },
  { names: /^perl[0-9.]*$/, inline: ['-e', '-E'], readsInput: true, modes: ['-v', '-V', '-h'] },
  { names: /^ruby[0-9.]*$/, inline: ['-e'], readsInput: true },
  { names: /^php[0-9.]*$/, inline: ['-r', '-B', '-R', '-E'], readsInput: true, modes: ['-v', '-h', '-i', '-m', '-S'] },
  { names: /^lua(jit)?[0-9.]*$/, inline: ['-e'], readsInput: true },
  {
    names: /^(Rscript|R|julia|osascript|groovy|scala|elixir|erl|ghc|raku|guile|racket)$/i,
    inline: ['-e', '-eval', '--eval', '-E'],
    readsInput: true,
  },
  { names: /^(pwsh|powershell)$/, inline: ['-c', '-command', '-enc', '-encodedcommand'], readsInput: true },
  {
    names: /^(fish|nu|tcsh|csh|xonsh|elvish)$/,
    inline: ['-c', '--commands', '-C', '--init-command'],
    readsInput: true,
  },
  { names: /^(vim|nvim|vi|ex|emacs|ed)$/, inline: ['-c', '--cmd', '--eval', '-S', '--batch'], readsInput: true },
  // Builtins of the shell that keep a command for later, or another file under the name of one.
  { names: /^(mapfile|readarray|complete|compgen)$/, inline: ['-C'], readsInput: false },
  { names: /^bind$/, inline: ['-x'], readsInput: false },
  { names: /^hash$/, inline: ['-p'], readsInput: false },
  { names: /^enable$/, inline: ['-f'], readsInput: false },
  { names: /^(make|gmake)$/, inline: ['--eval', '-E'], readsInput: false },
  {
    names: /^git$/,
    inline: [
      '-c',
      '--config-env',
      '--exec-path',
      '--upload-pack',
      '--receive-pack',
      '-x',
      '--exec',
      '--extcmd',
      '--ext-diff',
      '-O',
      '--open-files-in-pager',
    ],
    readsInput: false,
  },
];

/**
 * Variables that make a later program load code or change what a name means (reference: agents §2.6). Setting one is
 * unknown code. A name that ends in `*` is a prefix.
 */
const LOADER_VARIABLES: readonly string[] = [
  'PATH',
  'LD_*',
  'DYLD_*',
  'BASH_ENV',
  'ENV',
  'SHELL',
  'SHELLOPTS',
  'BASHOPTS',
  'PROMPT_COMMAND',
  'PS4',
  'IFS',
  'CDPATH',
  'NODE_OPTIONS',
  'NODE_PATH',
  'PYTHONPATH',
  'PYTHONSTARTUP',
  'PYTHONHOME',
  'PERL5LIB',
  'PERL5OPT',
  'PERL5DB',
  'RUBYOPT',
  'RUBYLIB',
  'JAVA_TOOL_OPTIONS',
  '_JAVA_OPTIONS',
  'JDK_JAVA_OPTIONS',
  'MAVEN_OPTS',
  'GRADLE_OPTS',
  'CLASSPATH',
  'GIT_*',
  'SSH_ASKPASS',
  'EDITOR',
  'VISUAL',
  'PAGER',
  'MANPAGER',
  'LESSOPEN',
  'LESSCLOSE',
  'BROWSER',
  'MAKEFLAGS',
  'MFLAGS',
  'GNUMAKEFLAGS',
  'CC',
  'CXX',
  'RUSTC_WRAPPER',
  'RUSTFLAGS',
  'RUSTC',
  'CARGO_*',
  'GOFLAGS',
  'GOTOOLCHAIN',
  'NPM_CONFIG_*',
  'npm_config_*',
  'PIP_*',
  'UV_*',
  'YARN_*',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'http_proxy',
  'https_proxy',
  'ALL_PROXY',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'CLAUDE_*',
  'ANTHROPIC_*',
  'TAR_OPTIONS',
  'RIPGREP_CONFIG_PATH',
  'DOCKER_HOST',
];

export function isLoaderVariable(name: string): boolean {
  return LOADER_VARIABLES.some((row) => (row.endsWith('*') ? name.startsWith(row.slice(0, -1)) : row === name));
}

/** Variables that a narrow grant looks through because they only shape output or tests (reference: agents §2.4.4). */
export const HARMLESS_VARIABLES: ReadonlySet<string> = new Set([
  'GOOS',
  'GOARCH',
  'CGO_ENABLED',
  'GO111MODULE',
  'RUST_BACKTRACE',
  'RUST_LOG',
  'NODE_ENV',
  'PYTHONUNBUFFERED',
  'PYTHONDONTWRITEBYTECODE',
  'PYTEST_DISABLE_PLUGIN_AUTOLOAD',
  'PYTEST_DEBUG',
  'LANGUAGE',
  'LC_TIME',
  'CHARSET',
  'TERM',
  'COLORTERM',
  'NO_COLOR',
  'FORCE_COLOR',
  'CLICOLOR',
  'TZ',
  'LS_COLORS',
  'LSCOLORS',
  'GREP_COLOR',
  'GREP_COLORS',
  'GCC_COLORS',
  'TIME_STYLE',
  'BLOCK_SIZE',
  'BLOCKSIZE',
  'COLUMNS',
  'LINES',
  'CI',
]);

const LOCALES: ReadonlySet<string> = new Set(['LANG', 'LC_ALL', 'LC_CTYPE']);

/** `LANG=C`, `LC_ALL=en_US.UTF-8`: a name of a locale, and nothing else that could stand there. */
export function setsLocale(name: string, value: string | undefined): boolean {
  const isLocale = /^(?:C|POSIX|[a-z]{2,3}(?:_[A-Z]{2})?)(?:\.[A-Za-z0-9-]+)?$/.test(value ?? '');
  return LOCALES.has(name) && isLocale;
}

/** Programs that start what cannot be seen from here: no rule with a wildcard covers them (reference: agents §2.4.4). */
export const UNSEEN_STARTERS: ReadonlySet<string> = new Set(
  'unshare nsenter setsid ionice chrt taskset flock watch strace ltrace script coproc source .'.split(' '),
);
