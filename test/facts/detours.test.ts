/** An agent that the shell starts by a detour is the same agent, with the same prompt; a word that looks like one is none. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { factsOf, textAt, WORKFLOW, workflow } from './facts-of.ts';

const TITLE = '$' + '{{ github.event.issue.title }}';

type Case = readonly [what: string, lines: readonly string[], extra?: string];

function factsOfLines(lines: readonly string[], extra = '') {
  const run = lines.map((line) => `          ${line.replaceAll('TITLE', TITLE)}\n`).join('');
  return factsOf({ [WORKFLOW]: workflow({ steps: `      - run: |\n${run}${extra}` }) });
}

const DETOURS: readonly Case[] = [
  ['a variable that names the program', ['C=claude', '$C -p "Fix TITLE"']],
  ['a quoted variable', ['C=claude', '"$C" -p "Fix TITLE"']],
  ['a variable behind wrappers', ['export C=claude', 'sudo timeout 5m "$C" -p "Fix TITLE"']],
  ['a variable of the step', ['"$AGENT" -p "Fix TITLE"'], '        env:\n          AGENT: claude\n'],
  ['a variable that one branch sets to a dry run', ['C=claude', 'if $DRY; then C=echo; fi', '$C -p "Fix TITLE"']],
  ['a default', ['${C:-claude} -p "Fix TITLE"']],
  ['a variable with a default', ['C="${BIN:-claude}"', '"$C" -p "Fix TITLE"']],
  ['a variable that is split into words', ['CMD="claude -p --model sonnet"', '$CMD "Fix TITLE"']],
  ['a list', ['cmd=(claude -p "Fix TITLE")', '"${cmd[@]}"']],
  ['a list that grows', ['cmd=(claude)', 'cmd+=(-p "Fix TITLE")', '"${cmd[@]}"']],
  ['a list with a variable in it', ['P="Fix TITLE"', 'local cmd=(claude -p "$P")', '"${cmd[@]}"']],
  ['a list of arguments', ['args=(-p "Fix TITLE" --max-turns 3)', 'claude "${args[@]}"']],
  ['the arguments of the script', ['set -- claude -p "Fix TITLE"', '"$@"']],
  ['the place of the program', ['"$(command -v claude)" -p "Fix TITLE"']],
  ['the place of the program in a variable', ['C=$(which claude 2>/dev/null || true)', '"$C" -p "Fix TITLE"']],
  ['backquotes', ['`which claude` -p "Fix TITLE"']],
  ['an alias', ['shopt -s expand_aliases', 'alias c="claude -p"', 'c "Fix TITLE"']],
  ['a function', ['review() {', '  local prompt="$1"', '  claude -p "$prompt"', '}', 'review "Fix TITLE"']],
  ['a function that starts what it is given', ['run() { "$@"; }', 'run claude -p "Fix TITLE"']],
  ['one that first takes a number', ['again() { n=$1; shift; "$@"; }', 'again 3 claude -p "Fix TITLE"']],
  ['find', ['find . -name "*.md" -exec claude -p "Fix TITLE {}" \\;']],
  ['a pipe into a shell', [`echo 'claude -p "Fix TITLE"' | bash`]],
  ['a here-document in a substitution', [`bash -c "$(cat <<'E'`, 'claude -p "Fix TITLE"', 'E', ')"']],
  ['a process substitution', [`source <(echo 'claude -p "Fix TITLE"')`]],
  ['text in a variable', [`CMD="claude -p 'Fix TITLE'"`, 'eval "$CMD"']],
  ['a script that the step writes', [`cat > run.sh <<'E'`, 'claude -p "Fix TITLE"', 'E', 'bash run.sh']],
  ['one that is run by its name', [`cat > x.sh <<'E'`, 'claude -p "Fix TITLE"', 'E', 'chmod +x x.sh', './x.sh']],
  ['one in a folder of the runner', [`echo 'claude -p "Fix TITLE"' > "$RUNNER_TEMP/x"`, 'sh "${RUNNER_TEMP}/x"']],
  ['one that tee writes', [`echo 'claude -p "Fix TITLE"' | tee x.sh`, 'sh x.sh']],
  ['one that a block writes', ['{', '  echo "set -e"', `  echo 'claude -p "Fix TITLE"'`, '} > x.sh', 'sh x.sh']],
  ['node', [`node -e "require('child_process').execSync('claude -p Fix-TITLE')"`]],
  ['python', [`python -c "import subprocess; subprocess.run(['claude', '-p', 'Fix TITLE'])"`]],
  ['PowerShell', [`$cmd = 'claude'`, '& $cmd -p "Fix TITLE"'], '        shell: pwsh\n'],
];

describe('an agent is found behind', () => {
  for (const [what, lines, extra] of DETOURS) {
    it(what, () => {
      const facts = factsOfLines(lines, extra);
      const [run, ...others] = facts.runs;
      assert.ok(run, 'an agent');
      assert.equal(others.length, 0, 'one agent');
      assert.equal(run.invocation.product, 'claude-code');
      assert.ok(
        run.sources.some((source) => source.what === 'github.event.issue.title'),
        'the title reaches it',
      );
    });
  }
});

const NO_AGENTS: readonly Case[] = [
  ['an argument of echo', ['echo claude -p "TITLE"']],
  ['a variable that is printed', ['C=claude', 'echo "$C -p TITLE"']],
  ['a variable that is searched for', ['C=claude', 'grep -c "$C" -p "TITLE"']],
  ['a variable that was given another program', ['C=claude', 'C=true', '$C -p "TITLE"']],
  ['a variable of one command only', ['C=claude true', '$C -p "TITLE"']],
  ['a default that does not hold', ['C=true', '${C:-claude} -p "TITLE"']],
  ['a list that is printed', ['cmd=(claude -p "TITLE")', 'echo "${cmd[@]}"']],
  ['arguments that are printed', ['set -- claude -p "TITLE"', 'echo "$@"']],
  ['a question where the program is', ['command -v claude && echo "TITLE"']],
  ['a question for its version', ['"$(command -v claude)" --version && echo "TITLE"']],
  ['an alias that the shell does not expand', ['alias c="claude -p"', 'c "TITLE"']],
  ['a function that prints what it is given', ['log() { echo "$@"; }', 'log claude -p "TITLE"']],
  ['a name that find looks for', ['find . -name claude -exec echo {} "TITLE" \\;']],
  ['text that is piped into a program', [`echo 'claude -p "TITLE"' | wc -l`]],
  ['a file that is read only', [`cat > x.sh <<'E'`, 'claude -p "TITLE"', 'E', 'cat x.sh']],
  ['a file of which another is run', [`cat > x.sh <<'E'`, 'claude -p "TITLE"', 'E', 'bash y.sh']],
  ['a file that is written after the run', ['bash x.sh', `cat > x.sh <<'E'`, 'claude -p "TITLE"', 'E']],
  ['a comment', ['# claude -p "TITLE"', 'true']],
  ['a text that node prints', [`node -e "console.log('claude -p TITLE')"`]],
  ['a search with a pattern in node', [`node -e "/x/.exec('claude -p TITLE')"`]],
  ['PowerShell that prints', [`$cmd = 'claude'`, 'Write-Host $cmd -p "TITLE"'], '        shell: pwsh\n'],
];

describe('no agent is', () => {
  for (const [what, lines, extra] of NO_AGENTS) {
    it(what, () => assert.equal(factsOfLines(lines, extra).runs.length, 0));
  }
});

describe('the prompt of an agent behind a detour', () => {
  it('stands where it was written', () => {
    const facts = factsOfLines(['cmd=(claude -p "Fix TITLE")', 'date', '"${cmd[@]}"']);
    const [prompt] = facts.runs[0]?.invocation.prompts ?? [];
    assert.ok(prompt);
    assert.equal(textAt(facts, prompt.place), `"Fix ${TITLE}"`);
  });

  it('is no more than what the function is called with', () => {
    const facts = factsOfLines(['review() { claude -p "$1"; }', 'review "Explain src"', 'echo "TITLE"']);
    assert.deepEqual(facts.runs[0]?.sources, []);
  });
});

describe('a script that is made to cost much', () => {
  it('is read in bounded time: lists of lists, functions in functions, a file that is run many times', () => {
    const lists = Array.from({ length: 60 }, (_, at) => `a${at + 1}=("\${a${at}[@]}" "\${a${at}[@]}")`);
    const calls = Array.from({ length: 40 }, (_, at) => `f${at}() { ${`f${at + 1} "$1"; `.repeat(20)}}`);
    const runs = Array.from({ length: 900 }, () => 'bash x.sh');
    const started = performance.now();
    factsOfLines(['a0=(x y)', ...lists, '"${a60[@]}"', ...calls, 'f40() { claude -p "$1"; }', 'f0 "TITLE"']);
    factsOfLines([`echo 'bash x.sh' > x.sh`, ...runs]);
    assert.ok(performance.now() - started < 10_000);
  });
});
