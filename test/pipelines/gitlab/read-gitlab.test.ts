import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readGitLab } from '../../../src/pipelines/gitlab/index.ts';
import type { Job, Pipeline } from '../../../src/pipelines/index.ts';
import { loadReaders } from '../../../src/syntax/index.ts';
import { memoryTree } from '../../support/memory-tree.ts';

const readers = await loadReaders();
const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 60);

function read(files: Record<string, string> | string): readonly Pipeline[] {
  return readGitLab(memoryTree(typeof files === 'string' ? { '.gitlab-ci.yml': files } : files), readers);
}

function jobOf(files: Record<string, string> | string, id: string): Job {
  const job = read(files)
    .flatMap(({ jobs }) => jobs)
    .find((one) => one.id === id);
  assert.ok(job, `no job ${id}`);
  return job;
}

function commandsOf(job: Job): readonly string[] {
  return job.steps.flatMap(({ run }) => (run ? [run.text.text] : []));
}

function eventsOf(job: Job): readonly string[] {
  return (job.triggers ?? []).map(({ event }) => event);
}

describe('GitLab reader: jobs', () => {
  it('reads each command as a step at its own place', () => {
    const text = 'review:\n  before_script:\n    - npm ci\n  script:\n    - |\n      claude -p "$CI_COMMIT_TITLE"\n';
    const job = jobOf(text, 'review');
    assert.deepEqual(commandsOf(job), ['npm ci', 'claude -p "$CI_COMMIT_TITLE"\n']);
    const one = job.steps.at(-1)?.run?.text.interpolations[0];
    assert.equal(text.slice(one?.place.span.start, one?.place.span.end), '$CI_COMMIT_TITLE');
    assert.deepEqual(one?.values, [{ name: 'CI_COMMIT_TITLE', kind: 'line', origin: 'outsider' }]);
    assert.equal(one?.expanded, 'shell');
  });

  it('reads a command with several colons as one line, and leaves a map in brackets alone', () => {
    const job = jobOf('a:\n  script:\n    - echo "a: b: c" --now\n    - echo: { a: b }\n', 'a');
    assert.deepEqual(
      job.steps.flatMap(({ run }) => run?.text.text ?? []),
      ['echo "a: b: c" --now'],
    );
  });

  it('reads a command whose colon makes it a map as the line that was meant', () => {
    const text = 'job:\n  script:\n    - claude -p "Review: $CI_COMMIT_TITLE"\n';
    const run = jobOf(text, 'job').steps.at(-1)?.run;
    assert.equal(run?.text.text, 'claude -p "Review: $CI_COMMIT_TITLE"');
    const place = run?.text.interpolations[0]?.place;
    assert.equal(text.slice(place?.span.start, place?.span.end), '$CI_COMMIT_TITLE');
  });

  it('takes what a job extends, through a chain, the nearest first', () => {
    const text =
      '.a:\n  image: a\n  script: [one]\n.b:\n  extends: .a\n  image: b\njob:\n  extends: .b\n  stage: test\n';
    const job = jobOf(text, 'job');
    assert.equal(job.container?.image?.name, 'b');
    assert.deepEqual(commandsOf(job), ['one']);
  });

  it('lets the last of several bases win', () => {
    const job = jobOf('.a: {image: a, script: [x]}\n.b: {image: b}\njob:\n  extends: [.a, .b]\n', 'job');
    assert.equal(job.container?.image?.name, 'b');
  });

  it('merges the variables of bases key by key', () => {
    const job = jobOf(
      '.a:\n  variables: {X: "1", Y: "2"}\njob:\n  extends: .a\n  variables: {X: "3"}\n  script: [x]\n',
      'job',
    );
    assert.deepEqual(job.environment.map(({ name, value }) => `${name}=${value.text}`).sort(), ['X=3', 'Y=2']);
  });

  it('notes a circle of extends and goes on', () => {
    const [pipeline] = read('a:\n  extends: b\n  script: [x]\nb:\n  extends: a\n');
    assert.ok(pipeline?.gaps.some(({ kind, message }) => kind === 'unresolved' && message.includes('extends itself')));
    assert.equal(pipeline?.jobs.length, 2);
  });

  it('puts the lines of a reference in its place', () => {
    const job = jobOf(
      '.setup:\n  script:\n    - one\n    - two\njob:\n  script:\n    - !reference [.setup, script]\n    - three\n',
      'job',
    );
    assert.deepEqual(commandsOf(job), ['one', 'two', 'three']);
  });

  it('takes image, scripts and timeout from default unless the job does not inherit them', () => {
    const text =
      'default:\n  image: d\n  timeout: 1h 30m\n  before_script: [setup]\na:\n  script: [x]\nb:\n  inherit: {default: false}\n  script: [x]\n';
    assert.deepEqual(commandsOf(jobOf(text, 'a')), ['setup', 'x']);
    assert.equal(jobOf(text, 'a').timeoutMinutes?.value, 90);
    assert.deepEqual(commandsOf(jobOf(text, 'b')), ['x']);
    assert.equal(jobOf(text, 'b').container, undefined);
  });

  it('reads a condition that spans several list items as one script', () => {
    const job = jobOf('job:\n  script:\n    - if [ -n "$X" ]; then\n    - make\n    - fi\n    - after\n', 'job');
    assert.deepEqual(commandsOf(job), ['if [ -n "$X" ]; then\nmake\nfi', 'after']);
  });

  it('hands what one command exports to the next', () => {
    const text = 'job:\n  script:\n    - export PROMPT="Look at $CI_MERGE_REQUEST_TITLE"\n    - claude -p "$PROMPT"\n';
    const entry = jobOf(text, 'job')
      .steps.at(-1)
      ?.environment.find(({ name }) => name === 'PROMPT');
    assert.equal(entry?.value.text, 'Look at $CI_MERGE_REQUEST_TITLE');
    assert.equal(text.slice(entry?.keyPlace.span.start, entry?.keyPlace.span.end), 'PROMPT');
    assert.equal(entry?.value.interpolations[0]?.values[0]?.name, 'CI_MERGE_REQUEST_TITLE');
  });

  it('follows variables of the file to what they hold', () => {
    const job = jobOf(
      'variables:\n  TITLE: $CI_MERGE_REQUEST_TITLE\n  WORD: fixed\njob:\n  script:\n    - claude -p "$TITLE $WORD $OTHER_TOKEN"\n',
      'job',
    );
    const values = job.steps.at(-1)?.run?.text.interpolations.map((one) => one.values[0]);
    assert.deepEqual(
      values?.map((value) => `${value?.name} ${value?.kind} ${value?.origin}`),
      ['CI_MERGE_REQUEST_TITLE line outsider', 'WORD constant configuration', 'OTHER_TOKEN line secret'],
    );
  });

  it('does not take a variable of the script for one of the platform', () => {
    const job = jobOf('job:\n  script:\n    - |\n      for file in *; do claude -p "$file"; done\n', 'job');
    assert.deepEqual(job.steps.at(-1)?.run?.text.interpolations, []);
  });

  it('puts inputs in before the shell sees the text', () => {
    const text =
      'spec:\n  inputs:\n    prompt:\n      default: x\n---\njob:\n  script:\n    - claude -p "$[[ inputs.prompt ]]"\n';
    const one = jobOf({ 'templates/review.yml': text }, 'job').steps.at(-1)?.run?.text.interpolations[0];
    assert.equal(one?.expanded, 'before');
    assert.deepEqual(one?.values, [{ name: 'inputs.prompt', kind: 'line', origin: 'input' }]);
  });

  it('says that the runner checks out, restores and stores what the file says', () => {
    const text =
      'job:\n  rules: [{if: $CI_PIPELINE_SOURCE == "merge_request_event"}]\n  cache: {key: k, paths: [x]}\n  artifacts: {paths: [out], reports: {dotenv: a.env}}\n  script: [x]\n';
    const effects = jobOf(text, 'job').steps.map(({ effects }) =>
      effects.map((effect) =>
        effect.kind === 'checkout'
          ? `checkout ${effect.tree}`
          : effect.kind === 'cache'
            ? `cache ${effect.mode}`
            : effect.kind,
      ),
    );
    assert.deepEqual(effects[0], ['checkout pull-request', 'cache restore']);
    assert.deepEqual(effects.at(-1), ['cache save', 'artifact-upload', 'set-environment']);
  });

  it('has no checkout where the strategy is none', () => {
    assert.deepEqual(
      jobOf('job:\n  variables: {GIT_STRATEGY: none}\n  script: [x]\n', 'job').steps.flatMap(({ effects }) => effects),
      [],
    );
  });

  it('knows that Docker-in-Docker is privileged and that its rootless form is not', () => {
    const services = (image: string) =>
      jobOf(`job:\n  services: ["${image}"]\n  script: [x]\n`, 'job').services[0]?.privileged;
    assert.ok(services('docker:27-dind'));
    assert.equal(services('docker:27-dind-rootless'), undefined);
    assert.equal(services('postgres:17'), undefined);
  });

  it('marks what runs after a failure', () => {
    const job = jobOf('job:\n  script: [x]\n  after_script: [y]\n', 'job');
    assert.deepEqual(
      job.steps.flatMap(({ run, condition }) => (run ? [condition?.runsAfterFailure ?? false] : [])),
      [false, true],
    );
  });
});

describe('GitLab reader: starts', () => {
  const withRule = (rule: string): Job => jobOf(`job:\n  rules:\n    - ${rule}\n  script: [x]\n`, 'job');

  it('runs a job without rules for everything but merge requests', () => {
    const events = eventsOf(jobOf('job:\n  script: [x]\n', 'job'));
    assert.ok(events.includes('push') && events.includes('schedule'));
    assert.ok(!events.includes('merge_request_event'));
  });

  it('runs a job only for the source that its rule names', () => {
    assert.deepEqual(eventsOf(withRule('if: $CI_PIPELINE_SOURCE == "merge_request_event"')), ['merge_request_event']);
    assert.deepEqual(
      eventsOf(withRule(`if: '$CI_PIPELINE_SOURCE =~ /^(schedule|web)$/ && $CI_PIPELINE_SOURCE == "web"'`)),
      ['web'],
    );
    assert.deepEqual(eventsOf(withRule('if: $CI_COMMIT_TAG')), ['tag']);
    assert.deepEqual(eventsOf(jobOf('job:\n  only: [merge_requests]\n  script: [x]\n', 'job')), [
      'merge_request_event',
    ]);
  });

  it('starts a job of the default branch for no merge request and no tag, where no branch is set', () => {
    const start = (condition: string) => eventsOf(jobOf(`a:\n  rules:\n    - if: ${condition}\n  script: [x]\n`, 'a'));
    const branch = start('$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH');
    assert.ok(branch.includes('push') && !branch.includes('merge_request_event') && !branch.includes('tag'));
    assert.deepEqual(start('$CI_DEFAULT_BRANCH == $CI_COMMIT_BRANCH'), branch);
    assert.deepEqual(start('$CI_COMMIT_TAG'), ['tag']);
    assert.deepEqual(start('$CI_MERGE_REQUEST_IID'), ['merge_request_event']);
    // A label may be missing, and the source branch may be the default one: both are open.
    assert.deepEqual(start('$CI_MERGE_REQUEST_LABELS =~ /ai/'), ['merge_request_event']);
    assert.ok(start('$CI_MERGE_REQUEST_SOURCE_BRANCH_NAME == $CI_DEFAULT_BRANCH').includes('merge_request_event'));
  });

  it('ends with a rule that holds for certain', () => {
    const rules = '    - if: $CI_COMMIT_TAG\n      when: never\n    - if: $CI_COMMIT_BRANCH\n';
    assert.ok(!eventsOf(jobOf(`a:\n  rules:\n${rules}  script: [x]\n`, 'a')).includes('tag'));
  });

  it('takes the number of an issue for a number, whoever sends it', () => {
    const values = (name: string) =>
      jobOf(`a:\n  script:\n    - echo $${name}\n`, 'a').steps.at(-1)?.run?.text.interpolations[0]?.values[0];
    assert.equal(values('ISSUE_IID')?.kind, 'number');
    assert.equal(values('ISSUE_BODY')?.kind, 'text');
  });

  it('lets an earlier rule keep an event out', () => {
    const events = eventsOf(
      jobOf(
        'job:\n  rules:\n    - if: $CI_PIPELINE_SOURCE == "merge_request_event"\n      when: never\n    - when: on_success\n  script: [x]\n',
        'job',
      ),
    );
    assert.ok(!events.includes('merge_request_event') && events.includes('push'));
  });

  it('lets workflow rules keep an event from every job', () => {
    const job = jobOf('workflow:\n  rules:\n    - if: $CI_PIPELINE_SOURCE == "schedule"\njob:\n  script: [x]\n', 'job');
    assert.deepEqual(eventsOf(job), ['schedule']);
  });

  it('sees the gate that keeps forks out, written either way', () => {
    const positive = withRule(
      'if: $CI_PIPELINE_SOURCE == "merge_request_event" && $CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID',
    );
    const negative = jobOf(
      'job:\n  rules:\n    - if: $CI_MERGE_REQUEST_SOURCE_PROJECT_PATH != $CI_PROJECT_PATH\n      when: never\n    - if: $CI_PIPELINE_SOURCE == "merge_request_event"\n  script: [x]\n',
      'job',
    );
    for (const job of [positive, negative])
      assert.deepEqual(
        job.condition?.gates.map(({ kind }) => kind),
        ['same-repository'],
      );
  });

  it('does not count a gate that another rule goes round', () => {
    const job = jobOf(
      'job:\n  rules:\n    - if: $CI_PIPELINE_SOURCE == "merge_request_event" && $CI_MERGE_REQUEST_LABELS =~ /ai/\n      when: on_success\n    - if: $CI_PIPELINE_SOURCE == "merge_request_event"\n  script: [x]\n',
      'job',
    );
    assert.deepEqual(job.condition?.gates, []);
  });

  it('takes a manual job for a gate', () => {
    assert.deepEqual(
      withRule('{if: $CI_PIPELINE_SOURCE == "merge_request_event", when: manual}').condition?.gates.map(
        ({ kind }) => kind,
      ),
      ['permission-check'],
    );
  });

  it('takes a trigger for open when the job uses text that only the caller can send', () => {
    const job = jobOf(
      'job:\n  rules: [{if: $CI_PIPELINE_SOURCE == "trigger"}]\n  script:\n    - claude -p "$AI_FLOW_INPUT"\n',
      'job',
    );
    assert.deepEqual(
      job.triggers?.map(({ event, who }) => `${event} ${who}`),
      ['trigger anyone'],
    );
  });
});

describe('GitLab reader: files', () => {
  it('follows local includes, patterns among them, and keeps each job with its file', () => {
    const pipelines = read({
      '.gitlab-ci.yml': 'include:\n  - local: /ci/base.yml\n  - "/ci/jobs/*.yml"\njob:\n  extends: .base\n',
      'ci/base.yml': '.base:\n  script: [one]\n',
      'ci/jobs/two.yml': 'two:\n  extends: .base\n',
    });
    assert.deepEqual(pipelines.map(({ file, jobs }) => `${file.path}: ${jobs.map(({ id }) => id).join()}`).sort(), [
      '.gitlab-ci.yml: job',
      'ci/base.yml: ',
      'ci/jobs/two.yml: two',
    ]);
    const step = pipelines
      .flatMap(({ jobs }) => jobs)
      .find(({ id }) => id === 'two')
      ?.steps.find(({ run }) => run);
    assert.equal(step?.place.file, 'ci/base.yml');
  });

  it('names what is included from elsewhere and how firmly', () => {
    const sha = '5f2e8a7c1d3b4e6f9a0b1c2d3e4f5a6b7c8d9e0f';
    const text = `include:\n  - remote: https://example.test/ci.yml\n  - project: acme/ci\n    file: /a.yml\n    ref: main\n  - project: acme/ci\n    file: /b.yml\n    ref: ${sha}\n  - component: $CI_SERVER_FQDN/acme/parts/review@1.2.0\njob:\n  script: [x]\n`;
    assert.deepEqual(
      read(text)[0]?.includes.map(({ kind, name, path, refKind }) => `${kind} ${name} ${path ?? ''} ${refKind}`),
      [
        'url https://example.test/ci.yml  none',
        'repository acme/ci /a.yml branch',
        'repository acme/ci /b.yml digest',
        'repository acme/parts review tag',
      ],
    );
  });

  it('notes an include that is not there', () => {
    assert.deepEqual(
      read('include: /missing.yml\njob:\n  script: [x]\n')[0]?.gaps.map(({ kind }) => kind),
      ['unresolved'],
    );
  });

  it('leaves files alone that are no pipelines', () => {
    assert.deepEqual(
      read({
        '.gitlab/duo/agent-config.yml': 'image: x\n',
        '.gitlab/labels.yml': 'a: {color: red}\n',
        'config.yml': 'job: {script: [x]}\n',
      }),
      [],
    );
  });

  it('ends where bases and variables multiply', () => {
    const levels = Array.from(
      { length: 12 },
      (_, index) => `.l${index + 1}: {extends: [${Array(20).fill(`.l${index}`).join()}]}`,
    );
    const jobs = Array.from({ length: 50 }, (_, index) => `j${index}: {extends: .l12}`);
    const text = ['.l0: {script: [x]}', ...levels, ...jobs].join('\n');
    assert.ok(read(text)[0]?.gaps.some(({ kind }) => kind === 'cap'));
    const names = Array.from({ length: 60 }, (_, index) => index);
    const variables = names.map((index) => `  V${index}: ${names.map((other) => `$V${other}`).join('')}`).join('\n');
    assert.equal(jobOf(`variables:\n${variables}\njob:\n  script: ["echo $V0"]\n`, 'job').id, 'job');
  });

  it('reads no more jobs than its cap and says so', () => {
    const text = Array.from({ length: 2001 }, (_, index) => `j${index}: {script: x}`).join('\n');
    const [pipeline] = read(text);
    assert.equal(pipeline?.jobs.length, 2000);
    assert.ok(pipeline?.gaps.some(({ kind, message }) => kind === 'cap' && message === 'more than 2000 jobs'));
  });

  it('never throws, and every expression stands where it says', () => {
    const line = fc.constantFrom(
      'job:',
      '  script:',
      '    - echo "$CI_COMMIT_TITLE"',
      '    - !reference [job, script]',
      '  extends: job',
      '  rules:',
      '    - if: $A && ($B',
      '  variables: {A: $A}',
      'include: ["*.yml", {local: "**"}]',
      'default: x',
      '  cache: []',
      '  needs: [{job: a}]',
      '&a',
      '*a',
      '    - if x; then',
      '  image: {name: $X}',
      '- -',
      '---',
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 14 }), (lines) => {
        const text = lines.join('\n');
        for (const step of read(text)
          .flatMap(({ jobs }) => jobs)
          .flatMap(({ steps }) => steps)) {
          for (const { place, index, length } of step.run?.text.interpolations ?? []) {
            assert.equal(
              text.slice(place.span.start, place.span.end),
              step.run?.text.text.slice(index, index + length),
            );
          }
        }
      }),
      { numRuns: RUNS },
    );
  });
});
