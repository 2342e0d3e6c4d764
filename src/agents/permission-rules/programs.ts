import type { Breadth, Grant } from './meaning.ts';

/** What a command pattern is worth by the words it fixes. */
export interface CommandRow {
  /** Program, and the words that must follow for this row to apply. */
  readonly programs: readonly string[];
  readonly words?: readonly string[];
  /** With any arguments behind the fixed words. */
  readonly open: Breadth;
  readonly grants: readonly Grant[];
  readonly means: string;
}

/** Words parted by blanks. */
function names(text: string): readonly string[] {
  return text.split(' ');
}

const INTERPRETER: readonly Grant[] = ['execute', 'network', 'write', 'read', 'environment', 'forge-write'];
const TREE: readonly Grant[] = ['execute-tree', 'execute', 'network', 'write', 'environment'];
const INSTALL: readonly Grant[] = ['install', 'execute', 'execute-tree', 'network'];

/** First row that fits wins: longer word lists stand before shorter ones of the same program. */
export const COMMANDS: readonly CommandRow[] = [
  {
    programs: names(
      'node nodejs deno tsx ts-node python python2 python3 pypy ruby perl php lua r rscript julia ' +
        'elixir groovy scala osascript irb ipython',
    ),
    open: 'interpreter',
    grants: INTERPRETER,
    means: 'runs any code',
  },
  {
    programs: names('sh bash zsh dash ksh fish pwsh powershell cmd eval source exec'),
    open: 'interpreter',
    grants: INTERPRETER,
    means: 'is a shell: runs any command',
  },
  {
    programs: names('awk gawk mawk vim vi nvim ed emacs gdb expect sqlite3 psql mysql'),
    open: 'interpreter',
    grants: INTERPRETER,
    means: 'has a way to run shell commands',
  },
  { programs: ['npm'], words: ['run'], open: 'runner', grants: TREE, means: 'runs any script of package.json' },
  {
    programs: ['npm', 'pnpm', 'yarn', 'bun'],
    words: ['install'],
    open: 'package-manager',
    grants: INSTALL,
    means: 'installs any package and runs its scripts',
  },
  { programs: ['npm'], words: ['exec'], open: 'runner', grants: INSTALL, means: 'downloads and runs any package' },
  {
    programs: ['npm', 'pnpm', 'yarn', 'bun'],
    words: ['test'],
    open: 'narrow',
    grants: TREE,
    means: 'runs the test script of package.json',
  },
  {
    programs: ['pnpm', 'yarn', 'bun'],
    words: ['run'],
    open: 'runner',
    grants: TREE,
    means: 'runs any script of package.json, or any file',
  },
  {
    programs: ['pnpm', 'yarn', 'bun'],
    words: ['dlx'],
    open: 'runner',
    grants: INSTALL,
    means: 'downloads and runs any package',
  },
  {
    programs: ['npm', 'pnpm', 'yarn', 'bun'],
    open: 'package-manager',
    grants: INSTALL,
    means: 'installs packages, runs their scripts and any script of package.json',
  },
  {
    programs: names('npx bunx pnpx uvx pipx corepack'),
    open: 'runner',
    grants: INSTALL,
    means: 'downloads and runs any package',
  },
  {
    programs: names('uv poetry pipenv pdm hatch rye'),
    words: ['run'],
    open: 'runner',
    grants: TREE,
    means: 'runs any program in the environment of the project',
  },
  {
    programs: names(
      'pip pip3 uv poetry pipenv pdm conda mamba gem bundle bundler composer nuget apt apt-get apk dnf ' +
        'yum brew snap choco winget cpan luarocks opam',
    ),
    open: 'package-manager',
    grants: INSTALL,
    means: 'installs packages, which run code',
  },
  {
    programs: names(
      'make gmake just task rake ninja cmake bazel bazelisk buck2 ant sbt gradle gradlew mvn mvnw ' +
        'cargo go dotnet mix stack cabal zig swift xcodebuild tox nox pytest jest vitest mocha turbo nx ' +
        'lerna pre-commit husky',
    ),
    open: 'runner',
    grants: TREE,
    means: 'runs what the files of the tree say',
  },
  ...names('run exec create').map(
    (word): CommandRow => ({
      programs: ['docker', 'podman', 'nerdctl'],
      words: [word],
      open: 'runner',
      grants: INTERPRETER,
      means: 'starts any program in a container, with any mount',
    }),
  ),
  {
    programs: names('docker podman nerdctl docker-compose buildah lxc vagrant'),
    open: 'runner',
    grants: INTERPRETER,
    means: 'starts any program in a container, with any mount',
  },
  {
    programs: names(
      'xargs env sudo doas su timeout nohup nice time watch parallel setsid stdbuf command builtin ' +
        'busybox ionice taskset chrt gosu su-exec setpriv caffeinate crontab at batch script strace tmux screen unbuffer flock chroot unshare nsenter systemd-run mise asdf ' +
        'direnv devbox nix-shell nix dotenv cross-env doppler aws-vault op',
    ),
    open: 'runner',
    grants: INTERPRETER,
    means: 'starts any other program',
  },
  { programs: ['find', 'fd', 'fdfind'], open: 'runner', grants: INTERPRETER, means: 'starts any program with -exec' },
  {
    programs: names(
      'terraform tofu pulumi ansible ansible-playbook helm kubectl oc sam cdk serverless wrangler ' +
        'vercel netlify flyctl fly heroku',
    ),
    open: 'runner',
    grants: [...TREE, 'forge-write'],
    means: 'deploys, and runs what the files of the tree say',
  },
  ...names(
    'status log diff show blame branch rev-parse ls-files describe shortlog merge-base cat-file ' + 'ls-tree grep',
  ).map(
    (word): CommandRow => ({
      programs: ['git'],
      words: [word],
      open: 'narrow',
      grants: ['read'],
      means: 'reads the repository',
    }),
  ),
  {
    programs: ['git'],
    words: ['push'],
    open: 'narrow',
    grants: ['git-push', 'network'],
    means: 'pushes to any branch and any address',
  },
  {
    programs: ['git'],
    words: ['config'],
    open: 'git',
    grants: ['execute', 'git-write'],
    means: 'sets hooks, aliases and helpers that later commands run',
  },
  ...names(
    'add commit checkout switch restore merge rebase reset stash tag rm mv cherry-pick worktree ' + 'apply am',
  ).map(
    (word): CommandRow => ({
      programs: ['git'],
      words: [word],
      open: 'narrow',
      grants: ['git-write'],
      means: 'changes the repository',
    }),
  ),
  ...names('fetch pull clone remote ls-remote submodule').map(
    (word): CommandRow => ({
      programs: ['git'],
      words: [word],
      open: 'narrow',
      grants: ['network', 'git-write'],
      means: 'talks to any address',
    }),
  ),
  {
    programs: ['git', 'hub'],
    open: 'git',
    grants: ['execute', 'git-push', 'git-write', 'network', 'read'],
    means: 'pushes anywhere, and runs any command through -c, aliases and hooks',
  },
  {
    programs: ['gh', 'glab'],
    words: ['api'],
    open: 'forge-cli',
    grants: ['forge-write', 'forge-read', 'merge', 'network'],
    means: 'sends any request with the token of the job; a field makes it a POST',
  },
  ...names('view list diff checks status').flatMap((verb) =>
    names('pr issue repo run release label mr').map(
      (noun): CommandRow => ({
        programs: ['gh', 'glab'],
        words: [noun, verb],
        open: 'narrow',
        grants: ['forge-read'],
        means: 'reads from the forge, text of outsiders among it',
      }),
    ),
  ),
  ...['merge', 'review', 'ready', 'approve'].flatMap((verb) =>
    ['pr', 'mr'].map(
      (noun): CommandRow => ({
        programs: ['gh', 'glab'],
        words: [noun, verb],
        open: 'narrow',
        grants: ['forge-write', 'merge'],
        means: 'approves or merges changes',
      }),
    ),
  ),
  ...names('comment edit create close reopen note update').flatMap((verb) =>
    names('pr issue release label mr').map(
      (noun): CommandRow => ({
        programs: ['gh', 'glab'],
        words: [noun, verb],
        open: 'narrow',
        grants: ['forge-write'],
        means: 'writes to the forge',
      }),
    ),
  ),
  { programs: ['gh', 'glab'], words: ['search'], open: 'narrow', grants: ['forge-read'], means: 'searches the forge' },
  ...names('pr mr issue repo release workflow run secret variable auth extension alias codespace gist').map(
    (noun): CommandRow => ({
      programs: ['gh', 'glab'],
      words: [noun],
      open: 'forge-cli',
      grants: ['forge-write', 'forge-read', 'merge'],
      means: `does anything that \`${noun}\` can with the token of the job`,
    }),
  ),
  {
    programs: ['gh', 'glab'],
    open: 'forge-cli',
    grants: ['forge-write', 'forge-read', 'merge', 'network', 'execute'],
    means: 'does anything the token of the job may, and installs extensions',
  },
  {
    programs: names('az aws gcloud tea bb oci doctl ibmcloud'),
    open: 'forge-cli',
    grants: ['forge-write', 'network'],
    means: 'does anything the login of the job may',
  },
  {
    programs: names(
      'curl wget nc ncat netcat socat ssh scp sftp rsync ftp telnet http https xh aria2c dig nslookup ' +
        'host ping openssl',
    ),
    open: 'network',
    grants: ['network', 'read'],
    means: 'sends data to any address',
  },
  {
    programs: names('tee cp mv rm dd install ln sed tar unzip chmod chown truncate patch rmdir mkdir touch'),
    open: 'file-writer',
    grants: ['write'],
    means: 'changes files',
  },
  {
    programs: ['printenv', 'ps', 'set', 'export'],
    open: 'narrow',
    grants: ['environment'],
    means: 'shows variables, keys among them',
  },
  {
    programs: names(
      'claude codex gemini copilot opencode aider cursor-agent goose amp qwen droid auggie crush cline ' + 'kiro-cli',
    ),
    open: 'runner',
    grants: ['start-agent', ...INTERPRETER],
    means: 'starts another agent with rules of its own',
  },
];

/** Sub-commands that install, whatever their manager. */
export const INSTALL_WORDS: ReadonlySet<string> = new Set(names('install i ci add get sync update upgrade'));
