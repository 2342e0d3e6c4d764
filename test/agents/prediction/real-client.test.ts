/**
 * The real Claude Code CLI decides, and so do we: what is predicted to be allowed is allowed, in both measured versions.
 * `SALLYPORT_CLIENT_CALLS` names a file with further calls, one command a line.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { predictDecision } from '../../../src/agents/index.ts';
import { loadShellGrammar } from '../../../src/syntax/index.ts';
import { Stage } from '../real-cli.ts';
import { askClient, CLIENTS } from './ask-client.ts';
import { bash } from './place.ts';

const LIMIT = { timeout: 120_000 };

/** The whole of an option, half of it, one too many; blocks, wrappers and forms that a shell reads in two ways. */
const READERS = `
git log -5 --oneline|git log --format=%H|git log --format=zz HEAD|git log --zz|git log -n5|git log --output=x
git diff -U5|git diff --stat|git diff --ext-diff|git diff -- src/a.ts|git show HEAD:README.md|git show --textconv
git status -sb|git status --porcelain=v2|git branch -a|git branch -v x|git branch --list x|git tag -n|git tag -l v1
git ls-remote origin|git remote -v|git remote show origin|git config --get user.name|git config --list
git reflog -5|git reflog HEAD|git cat-file -t HEAD|git cat-file --batch|git stash list|git stash list -p|git ls-tree HEAD
git rev-parse --short HEAD|git rev-parse -q --verify HEAD|git grep -n x|git grep -Oless x|git -C src log|git log {a,b}
grep -rn x src|grep -A2 x README.md|grep -5 x README.md|grep --include=*.ts x README.md|egrep -zz x README.md
rg -n x|rg --pre cat x|rg -C 2 x|sort -u README.md|sort -o b README.md|sort --parallel=x README.md|tree -L 2|tree -o x
file README.md|file -f README.md|date +%Y|date x|date -s x|ps aux|ps axe|ps -e 2|ss -tn|ss x|netstat -an|netstat -c 2
lsof +f|man ls|man -H ls|man src/a.ts|hostname -f|hostname x|hostname --|base64 -d README.md|base64 -- -x
sha256sum README.md|sha256sum --tag=x README.md|tput cols|tput reset|jq . package.json|jq . -n|jq -f x .|pgrep -l x
echo *|true *|which *|seq *|ls *|cat README.md src/a.ts|cat /etc/passwd|cat "$HOME"|ls ../x|du /etc|numfmt $HOME
echo hi =x|echo "hi =x"|echo a==b|[ -f x ]|[ a = b ]|test -- -x|printf %s x|printf -v x y|xargs echo hi|xargs rm x
timeout 5 ls|timeout -k 1 5 ls|timeout --signal=KILL 5 ls|timeout 1e3 ls|nice ls|nice -n 5 ls|time ls|nohup ls|command ls
while false; do ls; done|while false; do ls; done > /dev/null|if true; then ls; fi|if true; then ls; fi 2>/dev/null
if true; then cat README.md / ls; fi|for i in 1 2; do ls; done|for i in *; do ls; done|ls ;; ls|ls && # c|! ls|ls 2>&1
ls &|(ls)|{ ls; }|ls $(ls)|ls $X|ls $'a'|ls {a,b}|A=1 ls|LANG=C ls|PATH=/x ls|eval ls|exec ls|find . -name a.ts
find . -delete|find . -exec ls {} +|sed -n 1,5p README.md|sed -i s/a/b/ README.md|cd src && ls > /dev/null|npm test
`;

/** Under a rule that lets them run. */
const WRAPPED = `
npm test|npm  test|time npm test|timeout 5 npm test|env npm test|env -u A cat ../x|env cat .env|env A=1 flock x ls
nohup timeout -k 1 5 ls|NODE_ENV=test timeout 5 make|ls x|ls|script -c 'npm test a'|strace npm "" test a|\\A=1 npm test a
f() { timeout 5 npm test a; }; f|case x in x) nice npm test a;; esac|rm x|echo hi & ls|mycmd &|env -u A unshare ls
`;

const SITUATIONS = [
  { name: 'without a rule', permissions: {}, texts: [READERS, WRAPPED] },
  {
    name: 'with a rule for every command',
    permissions: { allow: ['Bash'], deny: ['Bash(npm test *)', 'Bash(rm *)'] },
    texts: [WRAPPED],
  },
  {
    name: 'with narrow rules',
    permissions: { allow: ['Bash(timeout *)', 'Bash(ls)', 'Bash(env *)', 'Bash(npm test)'], deny: ['Read(./.env)'] },
    texts: [READERS, WRAPPED],
  },
];

function commandsOf(text: string): readonly string[] {
  return text
    .split(/[|\n]/)
    .flatMap((command) => (command.trim() === '' ? [] : [command.trim().replace(' / ', ' | ')]));
}

function furtherCalls(): readonly string[] {
  const file = process.env['SALLYPORT_CLIENT_CALLS'];
  return file === undefined ? [] : readFileSync(file, 'utf8').split('\n').filter(Boolean);
}

const grammar = await loadShellGrammar();

for (const { version, program } of CLIENTS) {
  describe(`what is predicted to be allowed, ${version} allows`, () => {
    for (const { name, permissions, texts } of SITUATIONS) {
      test(name, LIMIT, async () => {
        const commands = [...texts.flatMap(commandsOf), ...furtherCalls()];
        await using stage = await Stage.create(FILES);
        const args = ['--permission-mode', 'default', '--settings', JSON.stringify({ permissions })];
        const decided = await askClient(stage, program, args, commands.map(bash));
        const place = {
          directory: stage.workspace,
          home: stage.home,
          resolve: (path: string) => path,
          exists: existsSync,
        };
        const predicted = commands.map(
          (command) =>
            predictDecision({ settings: { flag: { permissions } }, version, place }, bash(command), grammar).verdict,
        );
        const looser = commands.filter((_, index) => predicted[index] === 'allow' && decided[index] !== 'allow');
        assert.deepEqual(looser, []);
        const same = commands.filter((_, index) => predicted[index] === decided[index]);
        assert.ok(same.length > 0.9 * commands.length, `${same.length} of ${commands.length} are the same`);
      });
    }
  });
}

const FILES = { 'README.md': '# r\n', 'src/a.ts': 'x\n', '.env': 'K=1\n', 'package.json': '{}\n' };
