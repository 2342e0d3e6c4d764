/** What an agent meets by way of files, scripts and shells, from where it enters to the prompt; and what only looks alike. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { factsOf, WORKFLOW, workflow } from './facts-of.ts';

const TITLE = '$' + '{{ github.event.issue.title }}';

type Files = Readonly<Record<string, string>>;

/** One step for each list of lines. */
function steps(...scripts: readonly (readonly string[])[]): string {
  return scripts
    .map((lines) => `      - run: |\n${lines.map((line) => `          ${line}\n`).join('')}`)
    .join('')
    .replaceAll('TITLE', TITLE);
}

function powershell(...lines: readonly string[]): string {
  return `${steps(lines)}        shell: pwsh\n`;
}

/** What the agents meet, as `channel what`, on a run that an issue starts with its title in `$T`. */
function met(written: string, files: Files = {}): readonly string[] {
  const job = `    env:\n      T: ${TITLE}\n`;
  const facts = factsOf({ [WORKFLOW]: workflow({ job, steps: written }), ...files });
  assert.ok(facts.runs.length > 0, 'no agent was found');
  return facts.runs.flatMap(({ sources }) => sources.map(({ channel, what }) => `${channel} ${what}`));
}

const TITLE_MET = /github\.event\.issue\.title/;

describe('outside text reaches the agent', () => {
  const ways: readonly (readonly [what: string, written: string, expected: RegExp, files?: Files])[] = [
    [
      'through a file that an option names',
      steps(
        ['curl -s https://example.atlassian.net/rest/api/3/search -o work/tickets.json'],
        ["jq -r '.issues[0].fields.description' work/tickets.json > task.md", 'claude -p "$(cat task.md)"'],
      ),
      /^(?:file|tracker) curl/,
    ],
    ['through a copy', steps(['echo "$T" > a.txt', 'cp a.txt b.txt', 'claude -p "$(cat b.txt)"']), TITLE_MET],
    [
      'through what a script of the repository prints',
      steps(['claude -p "$(./ci/prompt.sh)"']),
      TITLE_MET,
      { 'ci/prompt.sh': '#!/bin/sh\ncat ci/head.txt\necho "The issue is called $T"\n' },
    ],
    [
      'through what a script pipes into the agent',
      steps(['bash ci/prompt.sh | claude -p "Do it"']),
      TITLE_MET,
      { 'ci/prompt.sh': 'cat <<E\nIt says $T\nE\n' },
    ],
    [
      'through what a program of the repository prints',
      steps(['claude -p "$(python3 ci/prompt.py)"']),
      TITLE_MET,
      { 'ci/prompt.py': 'import os\nprint("Title:", os.environ["T"])\n' },
    ],
    [
      'in a script that one step writes and a later one runs',
      steps(["cat > fix.sh <<'E'", 'claude -p "Fix $T"', 'E', 'chmod +x fix.sh'], ['date'], ['./fix.sh']),
      TITLE_MET,
    ],
    ['in a script of another folder', steps(['echo \'claude -p "$T"\' > /tmp/go.sh'], ['sh /tmp/go.sh']), TITLE_MET],
    [
      'in a script whose variables the writing shell leaves alone',
      steps(['cat > fix.sh <<E', 'claude -p "Fix \\$T"', 'E'], ['source fix.sh']),
      TITLE_MET,
    ],
    [
      'in what a program reads out of the event',
      steps(['node ci/prompt.mjs > prompt.md', 'claude -p "$(cat prompt.md)"']),
      /github\.event$/,
      { 'ci/prompt.mjs': 'const event = read(process.env.GITHUB_EVENT_PATH);\nconsole.log(event.issue.body);\n' },
    ],
    [
      'in what the program that starts the agent asks a forge for',
      steps(['python3 ci/fix.py']),
      /^fetched https:\/\/api\.github\.com/,
      {
        'ci/fix.py':
          'import requests, subprocess\nr = requests.get("https://api.github.com/repos/o/r/issues")\nsubprocess.run(["claude", "-p", "Fix " + r.json()[0]["body"]])\n',
      },
    ],
    [
      'in the difference to a pull request that was fetched',
      steps(['git fetch origin pull/7/head:pr', 'git diff main...pr > d.txt', 'claude -p "Review" < d.txt']),
      /git diff/,
    ],
    ['in words that env takes apart', steps(['env -S "claude -p" "Fix $T"']), TITLE_MET],
    ['in words that env takes apart, with a variable', steps(['env -iS "T=x claude -p" "Fix $T"']), TITLE_MET],
    ['in a list of PowerShell', powershell('$a = @("-p", "Fix $env:T")', 'claude @a'), TITLE_MET],
    ['in a list without parentheses', powershell('$a = "-p", "Fix $env:T"', '& claude $a'), TITLE_MET],
    ['in a list that grows', powershell('$a = @("-p")', '$a += "Fix $env:T"', 'claude @a'), TITLE_MET],
    ['in arguments of a process', powershell('Start-Process claude -ArgumentList "-p", "Fix $env:T" -Wait'), TITLE_MET],
    ['in text that PowerShell evaluates', powershell('iex "claude -p \'Fix $env:T\'"'), TITLE_MET],
    [
      'in a member of an answer',
      powershell(
        '$issue = (Invoke-RestMethod -Uri "https://api.github.com/repos/o/r/issues/5" -Headers @{ A = "b" }).body',
        'claude -p "Fix $($issue.Trim())"',
      ),
      /^fetched Invoke-RestMethod/,
    ],
  ];
  for (const [what, written, expected, files] of ways) {
    it(what, () =>
      assert.ok(
        met(written, files).some((one) => expected.test(one)),
        met(written, files).join('\n'),
      ),
    );
  }
});

describe('outside text does not reach the agent', () => {
  const twins: readonly (readonly [what: string, written: string, files?: Files])[] = [
    ['in a file that it does not read', steps(['echo "$T" > a.txt', 'claude -p "$(cat b.txt)"'])],
    [
      'in what a script puts into a file or a variable',
      steps(['claude -p "$(./ci/prompt.sh)"']),
      { 'ci/prompt.sh': '#!/bin/sh\necho "$T" > title.txt\nx=$(echo "$T" | wc -c)\necho "Explain src"\n' },
    ],
    [
      'in what another script prints',
      steps(['./ci/log.sh', 'claude -p "$(./ci/prompt.sh)"']),
      { 'ci/prompt.sh': 'echo "Explain src"\n', 'ci/log.sh': 'echo "$T"\n' },
    ],
    [
      'in a script that was overwritten',
      steps(['echo \'claude -p "$T"\' > a.sh', "echo 'claude -p hi' > a.sh"], ['sh a.sh']),
    ],
    [
      'in a list that another program takes',
      powershell('$a = @("x", "$env:T")', 'Write-Host @a', 'claude -p "Explain"'),
    ],
    [
      'in what the program that starts the agent sends to a forge',
      steps(['python3 ci/fix.py']),
      {
        'ci/fix.py':
          'import requests, subprocess\nsubprocess.run(["claude", "-p", "Explain src"])\nrequests.post("https://api.github.com/repos/o/r/issues", json={})\n',
      },
    ],
    [
      'in a difference of the branch itself',
      steps(['git fetch origin main', 'git diff main > d.txt', 'claude -p "Review" < d.txt']),
    ],
    ['in words behind the program that env starts', steps(['env -S "claude -p" "Explain src"', 'echo "$T"'])],
  ];
  for (const [what, written, files] of twins) it(what, () => assert.deepEqual(met(written, files), []));
});

describe('a script that a step writes', () => {
  const agents = (written: string): number => factsOf({ [WORKFLOW]: workflow({ steps: written }) }).runs.length;

  it('starts no agent before it is there, when it is only read, or in another job', () => {
    const write = ["echo 'claude -p hi' > a.sh"];
    assert.equal(agents(steps(['sh a.sh'], write)), 0);
    assert.equal(agents(steps(write, ['cat a.sh'])), 0);
    assert.equal(agents(`${steps(write)}  other:\n    runs-on: ubuntu-latest\n    steps:\n${steps(['sh a.sh'])}`), 0);
    assert.equal(agents(steps(write, ['sh a.sh'])), 1);
  });
});

describe('a file that is written from itself and from others many times', () => {
  it('is followed in bounded time', () => {
    const lines = Array.from({ length: 12 }, (_, at) => Array.from({ length: 30 }, () => `cat f${at + 1} > f${at}`));
    const before = process.cpuUsage();
    met(steps([...lines.flat(), ...Array.from({ length: 100 }, () => 'cat f0 >> f0'), 'claude -p "$(cat f0)"']));
    assert.ok(process.cpuUsage(before).user < 10_000_000);
  });
});
