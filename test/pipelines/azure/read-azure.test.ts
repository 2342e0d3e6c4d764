import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readAzure } from '../../../src/pipelines/azure/index.ts';
import type { Pipeline, Step } from '../../../src/pipelines/index.ts';
import { loadReaders } from '../../../src/syntax/index.ts';
import { memoryTree } from '../../support/memory-tree.ts';

const readers = await loadReaders();
const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 60);

function read(files: Record<string, string> | string): Pipeline {
  const tree = memoryTree(typeof files === 'string' ? { 'azure-pipelines.yml': files } : files);
  const [pipeline] = readAzure(tree, readers);
  assert.ok(pipeline, 'no pipeline');
  return pipeline;
}

function lastStep(pipeline: Pipeline): Step | undefined {
  return pipeline.jobs.at(-1)?.steps.at(-1);
}

describe('Azure reader', () => {
  it('reads steps, jobs and stages alike', () => {
    const steps = 'steps:\n- bash: x\n';
    assert.deepEqual(
      read(steps).jobs.map(({ id }) => id),
      ['job'],
    );
    assert.deepEqual(
      read('jobs:\n- job: A\n  steps:\n  - bash: x\n- job: B\n  dependsOn: A\n  steps: []\n').jobs.map(
        ({ id, needs }) => [id, needs.map(({ value }) => value)],
      ),
      [
        ['A', []],
        ['B', ['A']],
      ],
    );
    assert.deepEqual(
      read('stages:\n- stage: S\n  jobs:\n  - job: A\n    steps:\n    - bash: x\n').jobs.map(({ id }) => id),
      ['S.A'],
    );
  });

  it('checks out by itself unless a step says otherwise', () => {
    const kinds = (text: string) =>
      read(text)
        .jobs[0]?.steps.flatMap(({ effects }) => effects)
        .map((effect) => (effect.kind === 'checkout' ? `${effect.tree} ${effect.persistsCredentials}` : effect.kind));
    assert.deepEqual(kinds('pr: none\nsteps:\n- bash: echo\n'), ['base false']);
    assert.deepEqual(kinds('steps:\n- bash: echo\n'), ['pull-request false']);
    assert.deepEqual(kinds('pr: none\nsteps:\n- checkout: self\n  persistCredentials: true\n'), ['base true']);
    assert.deepEqual(kinds('steps:\n- checkout: none\n'), []);
  });

  it('tells macros and template expressions from variables of the shell', () => {
    const text = `steps:\n- bash: |\n    echo "$(Build.SourceVersionMessage)" "\${{ parameters.note }}" "$BUILD_SOURCEVERSIONMESSAGE" "$(date +%s)"\n`;
    const ones = lastStep(read(text))?.run?.text.interpolations;
    assert.deepEqual(
      ones?.map(({ expanded, place, values }) => [
        expanded,
        text.slice(place.span.start, place.span.end),
        values[0]?.kind,
        values[0]?.origin,
      ]),
      [
        ['before', '$(Build.SourceVersionMessage)', 'text', 'outsider'],
        ['before', `\${{ parameters.note }}`, 'line', 'insider'],
        ['shell', '$BUILD_SOURCEVERSIONMESSAGE', 'text', 'outsider'],
      ],
    );
  });

  it('follows variables of the file to what they hold', () => {
    const text =
      'variables:\n  TITLE: $(Build.SourceVersionMessage)\n  WORD: fixed\nsteps:\n- bash: claude -p "$(TITLE) $(WORD) $(MODEL_KEY) $TITLE"\n';
    const values = lastStep(read(text))?.run?.text.interpolations.map(
      (one) => `${one.values[0]?.name} ${one.values[0]?.origin}`,
    );
    assert.deepEqual(values, [
      'Build.SourceVersionMessage outsider',
      'WORD configuration',
      'MODEL_KEY secret',
      'Build.SourceVersionMessage outsider',
    ]);
  });

  it('knows the types of parameters', () => {
    const text = `parameters:\n- name: flag\n  type: boolean\n- name: pick\n  values: [a, b]\n- name: free\nsteps:\n- bash: x \${{ parameters.flag }} \${{ parameters.pick }} \${{ parameters.free }}\n`;
    assert.deepEqual(
      lastStep(read(text))?.run?.text.interpolations.map((one) => one.values[0]?.kind),
      ['boolean', 'enumeration', 'line'],
    );
  });

  it('takes what a webhook brings for the text of outsiders, field by field', () => {
    const text =
      'trigger: none\npr: none\nresources:\n  webhooks:\n  - webhook: Hook\n    connection: c\nparameters:\n- name: own\n  type: string\nsteps:\n- bash: echo ${{ parameters.Hook.comment.body }} ${{ parameters.Hook.issue.number }} ${{ parameters.own }}\n';
    const values = read(text)
      .jobs[0]?.steps.at(-1)
      ?.run?.text.interpolations.map((one) => one.values[0]);
    assert.deepEqual(values, [
      { name: 'parameters.Hook.comment.body', kind: 'text', origin: 'outsider' },
      { name: 'parameters.Hook.issue.number', kind: 'number', origin: 'outsider' },
      { name: 'parameters.own', kind: 'line', origin: 'insider' },
    ]);
  });

  it('reads conditional parts as if they were there', () => {
    const text = `steps:\n- \${{ if eq(parameters.x, true) }}:\n  - bash: one\n- \${{ else }}:\n  - bash: two\n- bash: three\n  env:\n    \${{ if true }}:\n      A: b\n`;
    const steps = read(text).jobs[0]?.steps ?? [];
    assert.deepEqual(
      steps.flatMap(({ run }) => (run ? [run.text.text] : [])),
      ['one', 'two', 'three'],
    );
    assert.deepEqual(
      steps.at(-1)?.environment.map(({ name }) => name),
      ['A'],
    );
  });

  it('reads local templates in place, with what the caller gives them', () => {
    const pipeline = read({
      'azure-pipelines.yml':
        'steps:\n- template: .azuredevops/review.yml\n  parameters:\n    text: $(Build.SourceVersionMessage)\n',
      '.azuredevops/review.yml': `parameters:\n- name: text\nsteps:\n- bash: claude -p "\${{ parameters.text }}"\n`,
    });
    const inner = lastStep(pipeline)?.inner[0];
    assert.equal(inner?.place.file, '.azuredevops/review.yml');
    assert.deepEqual(
      inner?.run?.text.interpolations[0]?.values.map(({ name }) => name),
      ['Build.SourceVersionMessage'],
    );
  });

  it('shows a template once: where it is used', () => {
    const tree = memoryTree({
      'azure-pipelines.yml': 'steps:\n- template: .azuredevops/a.yml\n',
      '.azuredevops/a.yml': 'steps:\n- bash: x\n',
      '.azuredevops/b.yml': 'steps:\n- bash: y\n',
    });
    assert.deepEqual(
      readAzure(tree, readers).map(({ file, role }) => `${file.path} ${role}`),
      ['.azuredevops/b.yml template', 'azure-pipelines.yml workflow'],
    );
  });

  it('ends templates that call one another', () => {
    const pipeline = read({
      'azure-pipelines.yml': 'steps:\n- template: .azuredevops/a.yml\n',
      '.azuredevops/a.yml': 'steps:\n- template: b.yml\n',
      '.azuredevops/b.yml': 'steps:\n- template: a.yml\n',
    });
    assert.equal(lastStep(pipeline)?.inner[0]?.inner[0]?.inner.length, 0);
  });

  it('names templates of other repositories and how firmly', () => {
    const text =
      'resources:\n  repositories:\n  - repository: shared\n    name: acme/pipelines\n    ref: refs/heads/main\nextends:\n  template: base.yml@shared\n';
    const pipeline = read(text);
    assert.deepEqual(
      pipeline.includes.map(({ name, path, refKind }) => `${name} ${path ?? ''} ${refKind}`),
      ['acme/pipelines  branch', 'acme/pipelines base.yml branch'],
    );
    assert.equal(pipeline.jobs[0]?.calls?.reference.name, 'acme/pipelines');
  });

  it('knows what starts a pipeline that does not say', () => {
    assert.deepEqual(
      read('steps:\n- bash: x\n').triggers.map(({ event, who, privileged }) => [event, who, privileged]),
      [
        ['push', 'member', true],
        ['pr', 'anyone', false],
      ],
    );
    assert.deepEqual(
      read('trigger: none\npr: none\nschedules:\n- cron: "0 1 * * *"\nsteps: []\n').triggers.map(({ event }) => event),
      ['schedule'],
    );
  });

  it('reads tasks as what they do and what they run', () => {
    const text =
      'steps:\n- task: AzureCLI@2\n  inputs:\n    azureSubscription: connection\n    scriptType: bash\n    inlineScript: |\n      claude -p "$(Build.SourceBranchName)"\n- task: Npm@1\n  inputs: {command: publish}\n';
    const steps = read(text).jobs[0]?.steps ?? [];
    assert.equal(steps[1]?.uses?.name, 'AzureCLI');
    assert.deepEqual(
      steps[1]?.effects.map(({ kind }) => kind),
      ['login'],
    );
    assert.equal(steps[1]?.run?.text.interpolations[0]?.values[0]?.kind, 'ref');
    assert.deepEqual(
      steps[2]?.effects.map(({ kind }) => kind),
      ['publish'],
    );
  });

  it('reads the steps of a deployment and its environment', () => {
    const job = read(
      'jobs:\n- deployment: D\n  environment: production\n  strategy:\n    runOnce:\n      deploy:\n        steps:\n        - bash: x\n',
    ).jobs[0];
    assert.equal(job?.deployment?.value, 'production');
    assert.deepEqual(
      job?.steps.map(({ run }) => run?.text.text),
      ['x'],
    );
  });

  it('sees the gates of conditions, and none behind an or', () => {
    const gates = (condition: string) =>
      lastStep(read(`steps:\n- bash: x\n  condition: ${condition}\n`))?.condition?.gates.map(({ kind }) => kind);
    assert.deepEqual(gates("and(succeeded(), eq(variables['Build.SourceBranch'], 'refs/heads/main'))"), [
      'branch-protection',
    ]);
    assert.deepEqual(gates("or(eq(variables['Build.SourceBranch'], 'refs/heads/main'), always())"), []);
  });

  it('knows hosted, lasting and unknown machines', () => {
    const kind = (pool: string) => read(`pool: ${pool}\nsteps:\n- bash: x\n`).jobs[0]?.runner.kind;
    assert.deepEqual(
      [kind('{vmImage: ubuntu-24.04}'), kind('Default'), kind('{name: own}')],
      ['hosted', 'persistent', 'unknown'],
    );
  });

  it('ends where templates multiply, and says so', () => {
    const files: Record<string, string> = { 'azure-pipelines.yml': 'steps:\n- template: .pipelines/a0.yml\n' };
    for (let level = 0; level < 9; level++) {
      files[`.pipelines/a${level}.yml`] = `steps:\n${`- template: a${level + 1}.yml\n`.repeat(9)}`;
    }
    const [pipeline] = readAzure(memoryTree(files), readers).filter(({ role }) => role === 'workflow');
    assert.ok(pipeline?.gaps.some(({ kind }) => kind === 'cap'));
  });

  it('never throws, and every expression stands where it says', () => {
    const line = fc.constantFrom(
      'steps:',
      '- bash: echo $(Build.SourceVersionMessage)',
      `- script: "\${{ parameters.x }}"`,
      '- template: azure-pipelines.yml',
      `- \${{ if x }}:`,
      '  - bash: y',
      'jobs:',
      '- job: A',
      '  steps:',
      '  - task: Bash@3',
      '    inputs: {script: "$[ a[b] ]"}',
      'variables: {a: $(b), b: $(a)}',
      'pool: x',
      'stages:',
      '  condition: or(',
      'extends: {template: azure-pipelines.yml}',
      '&a',
      '*a',
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 14 }), (lines) => {
        const text = lines.join('\n');
        for (const pipeline of readAzure(memoryTree({ 'azure-pipelines.yml': text }), readers)) {
          for (const step of pipeline.jobs.flatMap(({ steps }) => steps)) {
            for (const { place, index, length } of step.run?.text.interpolations ?? []) {
              assert.equal(
                text.slice(place.span.start, place.span.end),
                step.run?.text.text.slice(index, index + length),
              );
            }
          }
        }
      }),
      { numRuns: RUNS },
    );
  });
});
