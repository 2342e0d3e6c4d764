import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { INITIAL_STATE } from '../../../src/policy/index.ts';
import { policyOf } from '../support/compile.ts';

interface Case {
  readonly title: string;
  readonly policy: string;
  readonly refused: readonly string[];
  readonly allowed: readonly string[];
}

const NPM_TEST = 'tool: { allow: ["Bash(npm test)", "Bash(git status)"] }';

const CASES: readonly Case[] = [
  {
    title: 'no narrow grant covers a variable that can change the program, however it is set',
    policy: NPM_TEST,
    refused: [
      'LD_PRELOAD=./x.so npm test',
      'NODE_OPTIONS=--require=./x.js npm test',
      'PATH=.:$PATH npm test',
      'PATH=.; npm test',
      'BASH_ENV=./x npm test',
      'npm_config_script_shell=./x npm test',
      'GIT_EXTERNAL_DIFF=./x git status',
      'GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=core.fsmonitor GIT_CONFIG_VALUE_0=./x git status',
      'env LD_PRELOAD=./x.so npm test',
      'export LD_PRELOAD=./x.so; npm test',
      'ANYTHING=1 npm test',
    ],
    allowed: ['npm test', 'CI=1 npm test', 'NO_COLOR=1 NODE_ENV=test npm test', 'git status', 'env npm test'],
  },
  {
    title: 'nor is PATH set or taken away by what is no assignment: the program would be one that the agent wrote',
    policy: NPM_TEST,
    refused: [
      'unset PATH; npm test',
      'unset $NAME; npm test',
      'export PATH; npm test',
      'export $NAME=./x; npm test',
      'wait -p PATH; npm test',
      'wait $X; npm test',
      ': ${PATH:=./x}; npm test',
      ': "${PATH=./x}"; npm test',
      ': ${!NAME:=./x}; npm test',
      '((PATH=1)); npm test',
      '(( PATH += 1 )); npm test',
      '((++PATH)); npm test',
      ': $((PATH=1)); npm test',
      ': $[PATH=1]; npm test',
      'echo ${a[PATH=1]}; npm test',
      'a[PATH=1]=2; npm test',
      'a=([PATH=1]=2); npm test',
      'for ((PATH=1; 0;)); do :; done; npm test',
      '[[ PATH=1 -eq 1 ]]; npm test',
      "a='PATH=1'; : $((a)); npm test",
      "a='PATH=1'; [[ $a -eq 1 ]]; npm test",
      'a=$(cat notes.txt); ((a)); npm test',
      ': $(($(cat notes.txt))); npm test',
      'for a in PATH=1; do ((a)); done; npm test',
      'echo {PATH}>/dev/null; npm test',
      "sh -c '((PATH=1)); npm test'",
      ': ${a:=PATH=1}; ((a)); npm test',
      ': PATH=1; (($_)); npm test',
      'set -- PATH=1; (($1)); npm test',
      "a='PATH=1'; echo ${x:a}; npm test",
      "test -v 'x[PATH=1]'; npm test",
      "[ -v 'x[PATH=1]' ]; npm test",
      '[[ -v x[PATH=1] ]]; npm test',
      ': "$((PATH=1))"; npm test',
      'echo "${y:-$[PATH=1]}"; npm test',
      '[[ x =~ ${a[PATH=1]} ]]; npm test',
      'a=1,PATH=1; ((a)); npm test',
      'echo ${xy:a=PATH=1}; npm test',
      '{PATH}>/dev/null echo; npm test',
      'exec {PATH}>/dev/null; npm test',
      '{ :; } {PATH}>/dev/null; npm test',
      'set -e -a; npm test',
      'set -o allexport; npm test',
      'set -e -k; npm test PATH=./x',
    ],
    allowed: [
      'unset FOO; npm test',
      'wait; npm test',
      'echo ${FOO:-./x} "${FOO:=./x}"; npm test',
      '((FOO=1)); npm test',
      'i=1; echo $((i + 1)) "${a[i]}" ${a[@]}; npm test',
      'for ((i = 0; i < 3; i++)); do npm test; done',
      '[[ $? -eq 0 && ${#a[@]} -lt 3 && $PATH != 1 ]]; npm test',
      'i=0; while [[ $i -lt 3 ]]; do npm test; i=$((i + 1)); done',
      '(( PATH == 1 )); npm test',
      'n=$(ls); [ $n -eq 1 ] && npm test',
      "[ -v 'x[0]' ] || test -n 'x[a]' && npm test",
      'echo ${x:1:2} ${x:-a}; npm test',
      'set -euo pipefail; npm test',
      "[ -v 'x[10]' ] || npm test",
      'for ((i = 0; i < 3; i++)); do echo "$(ls)"; npm test; done',
      '{ echo "$(ls)"; npm test; }',
      "echo $'$[1]'; npm test",
      '[[ x =~ ^[a-z]+$ ]] || npm test',
      "grep '[a-z]$[0-9]' notes.txt; npm test",
    ],
  },
  {
    title: 'what only reads is not granted with an option that writes, however it is shortened',
    policy: NPM_TEST,
    refused: [
      ...['sort --o out in', 'sort --out=out in', 'sort -oout in', 'tree -R -L 1', 'tree -aR', 'date --s 2020'],
      ...['file -C', 'file $X', 'printf $X', 'uniq a b', 'find . -delete', 'jq -f x', 'git branch x', 'git branch $X'],
      ...['git tag v1', 'git stash', 'git remote add a b', 'git log --outp=x'],
    ],
    allowed: [
      ...[
        'sort in',
        'sort -r -- in',
        'tree -a',
        'date +%s',
        'file x',
        'printf x',
        'uniq -c',
        'find . -name x',
        'jq . x',
      ],
      ...['git branch -a', 'git tag -l', 'git stash list', 'git remote -v', 'git log -3', 'dirname a', 'od a', ': a'],
    ],
  },
  {
    title: 'no grant covers a substitution that stands where few look for one',
    policy:
      'tool: { allow: ["Bash(cat *)", "Bash(echo *)", "Bash(printf *)", "Bash(unset *)", "Bash(mapfile *)", "Bash(hash *)"] }',
    refused: [
      'cat <<E\n`id`\nE',
      'cat <<-E\n\t$(id)\n\tE',
      'echo "${X:-\'$(id)\'}"',
      'echo ${X:-`id`}',
      'echo `echo \\`id\\``',
      "printf -v 'a[$(id)]' x",
      "unset 'a[`id`]'",
      'X=\'$(id)\'; echo "${X@P}"',
      'mapfile -C id -c 1 rows',
      'hash -p ./evil cat',
      "(( '$(id)' ))",
      "a['$(id)']=1",
    ],
    allowed: [
      "cat <<'E'\n`id`\nE",
      'cat <<-E\n\ttext\n\tE',
      'echo "${X:-\'a\'}"',
      "echo '`id`' '$(id)'",
      "printf '%s' '[$(id)]'",
      "printf -v 'a[0]' x",
      "unset 'a[0]'",
      'mapfile -t rows',
      "cat 'a[$(id)]'",
    ],
  },
  {
    title: 'a file is written also where its name is a number or a dash',
    policy: 'tool: { allow: ["Bash(npm test)"] }\nfile: { write: { allow: ["src/**"] } }',
    refused: ['ls > 5', 'ls > -', 'ls &> 2', 'npm test >| 12', 'ls > notes.txt'],
    allowed: ['ls 2>&1', 'ls >&2', 'ls 2>&-', 'ls > /dev/null 2>&1', 'npm test > /tmp/log'],
  },
  {
    title: 'version control and what writes files is granted in the workspace, not in a folder that may be prepared',
    policy: 'tool: { allow: ["Bash(git commit *)", "Bash(rm build)", "Bash(npm test)"] }',
    refused: [
      'cd sub && git commit -m x',
      'git commit -m x && cd sub',
      'pushd sub && git commit -m x',
      'cd sub && rm build',
    ],
    allowed: ['git commit -m x', 'cd . && git commit -m x', 'cd sub && npm test', 'rm build'],
  },
  {
    title: 'a program that starts others unseen is granted by its exact text only',
    policy: 'tool: { allow: ["Bash(watch *)", "Bash(strace npm test)", "Bash(source *)", "Bash(setsid npm test)"] }',
    refused: ['watch npm test', 'source evil.sh', 'strace curl x'],
    allowed: ['strace npm test', 'setsid npm test'],
  },
  {
    title: 'a denial finds its program behind what only looks like a variable, in quotes, and by the path as written',
    policy: 'tool: { allow: ["Bash"], deny: ["Bash(curl *)", "Bash(./scripts/*.sh)"] }',
    refused: [
      'timeout 5 CI=1 curl x',
      'timeout 5 CI=1 nice -n 5 A=2 curl x',
      '"curl x"',
      '! ! curl x',
      './scripts/../evil.sh',
      'scripts/../evil.sh',
    ],
    allowed: ['timeout 5 CI=1 npm test', '"npm test"', './other/../evil.sh'],
  },
  {
    title: 'asking for a version is reading, starting a script beside it is not',
    policy: 'tool: { allow: ["Bash(npm test)"] }',
    refused: ['python3 -v x.py', 'python3 -V x.py', 'python -v x.py', 'npm --version x', 'git log --show-signature'],
    allowed: ['python3 -V', 'python --version', 'node -v', 'node --version'],
  },
  {
    title: 'a variable of the locale is harmless only with the name of a locale',
    policy: 'tool: { allow: ["Bash(npm test)"] }',
    refused: ['LANG=1 npm test', 'LC_ALL=../x npm test', 'DEBUG=* npm test'],
    allowed: ['LANG=C npm test', 'LC_ALL=en_US.UTF-8 npm test'],
  },
  {
    title: 'a grant holds in the workspace, not where the agent has put a program of the same name',
    policy: NPM_TEST,
    refused: [
      'cd /tmp && npm test',
      'cd .. && npm test',
      'cd src/../.. && npm test',
      'cd && npm test',
      'cd - && npm test',
      'cd ~ && npm test',
      'cd "$DIR" && npm test',
      'env -C /tmp npm test',
      'env --chdir=/tmp npm test',
      'bash -c "cd /tmp && npm test"',
    ],
    allowed: ['cd src && npm test', 'cd /work/src && npm test', 'cd . && npm test', 'cd src/../lib && npm test'],
  },
  {
    title: 'after a change of directory a relative target of output is not the file that it names',
    policy: 'tool: { allow: ["Bash(npm test)"] }\nfile: { write: { allow: ["**"] } }',
    refused: ['cd .github && npm test > workflows/ci.yml', 'cd src && echo x >> a.js'],
    allowed: ['npm test > out.txt', 'cd src && npm test > /work/out.txt', 'cd src && npm test > /dev/null'],
  },
  {
    title: 'a job that outlives the check is not covered',
    policy: NPM_TEST,
    refused: ['npm test &', 'coproc npm test', 'coproc NAME { npm test; }'],
    allowed: ['nohup npm test', 'timeout 5 npm test'],
  },
  {
    title: 'a star inside of a word goes down a path, never up',
    policy:
      'tool: { allow: ["Bash(./scripts/*.sh)", "Bash(node tools/*)", "Bash(make --file=mk/*)", "Bash(cat ../docs/*)"] }',
    refused: [
      './scripts/../evil.sh',
      './scripts/sub/../../evil.sh',
      'node tools/../evil.js',
      'make --file=mk/../../Makefile',
      'node tools/..',
    ],
    allowed: ['./scripts/a.sh', './scripts/sub/a.sh', 'node tools/a..b.js', 'make --file=mk/a', 'cat ../docs/a.md'],
  },
  {
    title: 'a word of a rule may be quoted, and then holds its blanks',
    policy: `tool: { allow: ['Bash(git commit -m "two words")', "Bash(echo it's *)"] }`,
    refused: ['git commit -m two words', 'git commit -m "two"'],
    allowed: ['git commit -m "two words"', "git commit -m 'two words'"],
  },
  {
    title: 'a deny of programs below a directory is about them by any spelling of the path',
    policy: 'tool: { allow: [Bash], deny: ["Bash(./scripts/*.sh)"] }',
    refused: [
      './scripts/a.sh',
      'scripts/a.sh',
      'scripts/sub/../a.sh --flag',
      './other/../scripts/a.sh',
      '/work/scripts/a.sh',
      'bash scripts/a.sh',
      'bash -x ./scripts/a.sh',
      '. ./scripts/a.sh',
      'source scripts/a.sh',
      'SCRIPTS/A.SH',
      '"$ROOT"/scripts/a.sh',
    ],
    allowed: ['./other/a.sh', 'a.sh', 'bash other/a.sh', 'ls scripts', './scripts/a.py'],
  },
  {
    title: 'a deny of a script is also about the shell that runs it',
    policy: 'tool: { allow: [Bash], deny: ["Bash(scripts/deploy.sh *)"] }',
    refused: [
      'scripts/deploy.sh',
      'sh ./scripts/deploy.sh production',
      '. scripts/deploy.sh',
      'bash -e scripts/deploy.sh',
    ],
    allowed: ['sh scripts/test.sh', 'cat scripts/deploy.sh', 'bash -c "echo deploy.sh"'],
  },
];

describe('narrow grants and denials of commands', () => {
  for (const { title, policy, refused, allowed } of CASES) {
    test(title, async () => {
      const { decide } = await policyOf(policy);
      const verdict = (command: string): string =>
        decide({ plane: 'tool', tool: 'Bash', input: { command }, command }, INITIAL_STATE).verdict;
      for (const command of refused) assert.notEqual(verdict(command), 'allow', command);
      for (const command of allowed) assert.equal(verdict(command), 'allow', command);
    });
  }

  const EVALUATING =
    'declare export getopts let local mapfile printf read readarray readonly typeset unset wait test [ [[';
  for (const program of EVALUATING.split(' '))
    test(`no wildcard covers a subscript that ${program} evaluates`, async () => {
      const { decide } = await policyOf(`tool: { allow: ["Bash(${program} *)"] }`);
      const end = { '[': ' ]', '[[': ' ]]' }[program] ?? '';
      const verdict = (subscript: string): string => {
        const command = `${program} -n 'a[${subscript}]'${end}`;
        return decide({ plane: 'tool', tool: 'Bash', input: { command }, command }, INITIAL_STATE).verdict;
      };
      assert.equal(verdict('$(id)'), 'deny');
      assert.equal(verdict('0'), 'allow');
    });

  const STARTERS = 'unshare nsenter setsid ionice chrt taskset flock watch strace ltrace script coproc source .';
  for (const program of STARTERS.split(' '))
    test(`no wildcard covers what ${program} starts`, async () => {
      const { decide } = await policyOf(`tool: { allow: ["Bash(${program} *)"] }`);
      const command = `${program} 1 evil`;
      assert.notEqual(
        decide({ plane: 'tool', tool: 'Bash', input: { command }, command }, INITIAL_STATE).verdict,
        'allow',
      );
    });

  test('a narrow grant of a file tool does not lead out of the workspace', async () => {
    const { decide } = await policyOf('tool: { allow: ["Read(**/*.md)", "Read(//etc/hosts)"] }');
    const verdict = (path: string): string =>
      decide({ plane: 'tool', tool: 'Read', input: { file_path: path }, reads: [path] }, INITIAL_STATE).verdict;
    for (const path of ['../a.md', 'src/../../a.md', '/etc/a.md', '/work/../etc/a.md', '/etc/passwd'])
      assert.equal(verdict(path), 'deny', path);
    for (const path of ['a.md', 'src/a.md', '/work/src/a.md', '/etc/hosts']) assert.equal(verdict(path), 'allow', path);
  });

  for (const [rule, says] of [
    ['Bash(FOO=bar npm test)', /begins with the program/],
    ['Bash(description:secret*)', /names no command or file/],
    ['Bash(command:npm test)', /names no command or file/],
    ['Write(content:x)', /names no command or file/],
    ['Read(file_path:src/a)', /names no command or file/],
  ] as const)
    test(`${rule} would never match, and is an error`, async () => {
      await assert.rejects(policyOf(`tool: { deny: ["${rule}"] }`), says);
    });

  for (const rule of ['Bash(npm:*)', 'Bash(npm run build:all)', 'Read(./a:b)', 'Bash(make VERBOSE=1 *)'])
    test(`${rule} is a rule`, async () => {
      assert.ok(await policyOf(`tool: { deny: ["${rule}"] }`));
    });
});
