import type { Tag } from './tag.ts';

/** A program that starts the words behind it: which of its options take a value, and what it does to the agent. */
export interface WrapperRow {
  readonly names: readonly string[];
  /** One of these must be the first word that is no option. */
  readonly subcommands?: readonly string[];
  readonly valued: readonly string[];
  /** Words between the options and the inner command, such as the duration of `timeout` or an image. */
  readonly operands: number;
  /** `NAME=value` words may stand before the inner command. */
  readonly assigns?: boolean;
  /** The command begins behind one of these and ends at `;`. */
  readonly behind?: readonly string[];
  /** A command line of its own in one word. */
  readonly textOption?: string;
  /** What the agent is because of it. */
  readonly tag?: Tag;
}

/** Reference: audit 2.3, agents 2.4.4, and the help texts of the programs. */
export const WRAPPERS: readonly WrapperRow[] = [
  { names: ['timeout', 'gtimeout'], valued: ['-k', '--kill-after', '-s', '--signal'], operands: 1 },
  { names: ['time', 'nice', 'command', 'builtin', 'exec', 'noglob', 'retry'], valued: ['-n', '-a', '-f'], operands: 0 },
  { names: ['stdbuf'], valued: ['-i', '-o', '-e'], operands: 0 },
  {
    names: ['env', 'genv', 'dotenv', 'cross-env'],
    valued: ['-u', '-C', '--unset', '--chdir'],
    operands: 0,
    assigns: true,
  },
  { names: ['nohup', 'setsid', 'disown'], valued: [], operands: 0, tag: 'detached' },
  {
    names: ['tmux', 'screen', 'systemd-run', 'start-stop-daemon', 'pm2'],
    valued: ['-s', '-S', '-n', '-t', '-c', '--unit'],
    operands: 0,
    tag: 'detached',
  },
  {
    names: ['sudo', 'doas'],
    valued: ['-u', '-g', '-h', '-p', '-C', '-D', '-R', '-T', '-U', '--user', '--group'],
    operands: 0,
    assigns: true,
    tag: 'root',
  },
  { names: ['su', 'runuser'], valued: ['-s', '-g', '-G'], operands: 0, textOption: '-c' },
  { names: ['gosu', 'su-exec', 'setpriv'], valued: [], operands: 1 },
  {
    names: ['xargs', 'gxargs'],
    valued: ['-n', '-L', '-P', '-I', '-d', '-a', '-E', '-s', '--max-args', '--max-procs', '--delimiter'],
    operands: 0,
  },
  { names: ['find', 'gfind'], valued: [], operands: 0, behind: ['-exec', '-execdir', '-ok', '-okdir'] },
  { names: ['fd', 'fdfind'], valued: [], operands: 0, behind: ['-x', '-X', '--exec', '--exec-batch'] },
  { names: ['watch'], valued: ['-n', '--interval'], operands: 0 },
  { names: ['strace', 'ltrace'], valued: ['-o', '-e', '-p', '-s', '-u'], operands: 0 },
  { names: ['tini', 'dumb-init', 'catatonit', 'coproc'], valued: [], operands: 0 },
  { names: ['parallel'], valued: ['-j', '--jobs', '-a'], operands: 0 },
  { names: ['script'], valued: [], operands: 0, textOption: '-c' },
  {
    names: ['unbuffer', 'ionice', 'chrt', 'taskset', 'flock', 'xvfb-run', 'dbus-run-session', 'caffeinate'],
    valued: ['-c', '-n'],
    operands: 0,
  },
  {
    names: ['npm', 'pnpm', 'yarn', 'bun'],
    subcommands: ['exec', 'x', 'dlx'],
    valued: ['-p', '--package', '-c', '--call'],
    operands: 0,
  },
  {
    names: ['uv', 'poetry', 'pipenv', 'hatch', 'pdm', 'rye', 'mise', 'doppler', 'infisical'],
    subcommands: ['run', 'exec', 'x', 'tool'],
    valued: ['--with', '--from', '-p', '--python', '--env-file'],
    operands: 0,
  },
  { names: ['pipx'], subcommands: ['run'], valued: ['--spec', '--python'], operands: 0 },
  {
    names: ['npx', 'bunx', 'pnpx', 'uvx'],
    valued: ['-p', '--package', '--from', '--with', '--python', '-c', '--call'],
    operands: 0,
  },
  {
    names: ['op', 'teller', 'chamber', 'aws-vault'],
    subcommands: ['run', 'exec'],
    valued: ['--env-file'],
    operands: 0,
  },
  {
    names: ['docker', 'podman', 'nerdctl'],
    subcommands: ['run', 'exec', 'compose'],
    valued: [],
    operands: 1,
    tag: 'container',
  },
  {
    names: ['docker-compose', 'kubectl', 'oc', 'devcontainer'],
    subcommands: ['run', 'exec'],
    valued: [],
    operands: 1,
    tag: 'container',
  },
  { names: ['ssh', 'mosh'], valued: ['-i', '-p', '-o', '-l', '-F'], operands: 1 },
  {
    names: ['sallyport'],
    subcommands: ['run'],
    valued: ['--policy', '--organisation', '--out', '--base', '--workspace'],
    operands: 0,
    tag: 'sandbox',
  },
  // The firewall of GitHub Agentic Workflows, and Anthropic's sandbox runtime.
  { names: ['awf', 'gh-aw-firewall'], valued: [], operands: 0, tag: 'sandbox' },
  { names: ['srt', 'sandbox-runtime'], valued: ['--settings', '-s'], operands: 0, tag: 'sandbox' },
  { names: ['bwrap', 'firejail', 'nsjail', 'unshare', 'proot'], valued: [], operands: 0, tag: 'container' },
];

/** Their `-c` takes shell text. */
export const SHELL_PROGRAMS: ReadonlySet<string> = new Set(['sh', 'bash', 'dash', 'zsh', 'ksh', 'ash', 'fish', 'pwsh']);

/** Programs that run a file of a package: `node …/claude-code/cli.js`. */
export const SCRIPT_PROGRAMS: ReadonlySet<string> = new Set(['node', 'nodejs', 'bun', 'deno', 'tsx']);

/** Options whose value is a name, so that `--name claude` starts nothing. */
export const NAMING_OPTIONS: ReadonlySet<string> = new Set([
  '--name',
  '-t',
  '--tag',
  '-n',
  '--network',
  '-u',
  '--user',
  '-w',
  '--workdir',
  '-e',
  '--env',
  '-l',
  '--label',
  '-h',
  '--hostname',
  '-s',
  '--unit',
  '-v',
  '--volume',
  '--mount',
  '--exclude-env',
]);
