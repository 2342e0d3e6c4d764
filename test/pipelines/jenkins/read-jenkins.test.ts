import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Job, Pipeline } from '../../../src/pipelines/index.ts';
import { readJenkins } from '../../../src/pipelines/jenkins/index.ts';
import { loadReaders } from '../../../src/syntax/index.ts';
import { memoryTree } from '../../support/memory-tree.ts';

const readers = await loadReaders();
const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 60);

function read(text: string, path = 'Jenkinsfile'): Pipeline {
  const [pipeline] = readJenkins(memoryTree({ [path]: text }), readers);
  assert.ok(pipeline, 'no pipeline');
  return pipeline;
}

function declarative(steps: string, around = ''): string {
  return `pipeline {\n  agent { label 'x' }\n  ${around}\n  stages {\n    stage('Work') {\n      steps {\n${steps}\n      }\n    }\n  }\n}\n`;
}

function scriptsOf(job: Job | undefined): readonly string[] {
  return (job?.steps ?? []).flatMap(({ run }) => (run ? [run.text.text] : []));
}

describe('Jenkins reader', () => {
  it('reads the stages of one agent as the steps of one job, with the checkout first', () => {
    const { jobs } = read(
      "pipeline { agent any\n stages {\n stage('A') { steps { sh 'one' } }\n stage('B') { steps { script { bat 'two' } } }\n } }",
    );
    assert.deepEqual(
      jobs.map(({ id }) => id),
      ['pipeline'],
    );
    assert.deepEqual(scriptsOf(jobs[0]), ['one', 'two']);
    assert.equal(jobs[0]?.steps[0]?.effects[0]?.kind, 'checkout');
    assert.deepEqual(
      jobs[0]?.steps.slice(1).map(({ name }) => name?.text),
      ['A', 'B'],
    );
    assert.equal(jobs[0]?.runner.kind, 'persistent');
  });

  it('reads a stage with an agent of its own as a job of its own', () => {
    const { jobs } = read(
      "pipeline { agent none\n stages {\n stage('A') { agent { label 'a' }\n steps { sh 'one' } }\n stage('B') { agent { docker { image 'node:24'; args '-u root' } }\n steps { sh 'two' } }\n } }",
    );
    assert.deepEqual(
      jobs.map(({ id }) => id),
      ['A', 'B'],
    );
    assert.equal(jobs[1]?.container?.image?.name, 'node');
    assert.equal(jobs[1]?.container?.user, 'root');
  });

  it('reads scripted pipelines, nodes and parallel branches', () => {
    const { jobs } = read(
      "node('a') {\n checkout scm\n stage('S') { sh 'one' }\n parallel x: { sh 'two' }, y: { sh 'three' }\n}",
    );
    assert.deepEqual(
      jobs.map(({ id, runner }) => `${id} ${runner.labels[0]?.value}`),
      ['a a'],
    );
    assert.deepEqual(scriptsOf(jobs[0]), ['one', 'two', 'three']);
  });

  it('tells text that Groovy puts in from text that the shell reads', () => {
    const text = declarative(`        sh "echo \${env.CHANGE_TITLE}"\n        sh 'echo $CHANGE_TITLE'`);
    const ones = read(text).jobs[0]?.steps.flatMap(({ run }) => run?.text.interpolations ?? []);
    assert.deepEqual(
      ones?.map(({ expanded, place, values }) => [
        expanded,
        text.slice(place.span.start, place.span.end),
        values[0]?.origin,
      ]),
      [
        ['before', `\${env.CHANGE_TITLE}`, 'outsider'],
        ['shell', '$CHANGE_TITLE', 'outsider'],
      ],
    );
  });

  it('sees what a concatenation puts in', () => {
    const ones = read(declarative("        sh 'claude -p ' + params.PROMPT")).jobs[0]?.steps.at(-1)?.run?.text;
    assert.equal(ones?.text, 'claude -p params.PROMPT');
    assert.deepEqual(ones?.interpolations[0]?.values, [{ name: 'params.PROMPT', kind: 'line', origin: 'insider' }]);
  });

  it('knows the kinds of declared parameters', () => {
    const around =
      "parameters { choice(name: 'MODE', choices: ['a']); booleanParam(name: 'FLAG'); string(name: 'TEXT') }";
    const values = read(
      declarative(`        sh "x \${params.MODE} \${params.FLAG} \${params.TEXT}"`, around),
    ).jobs[0]?.steps.at(-1)?.run?.text.interpolations;
    assert.deepEqual(
      values?.map((one) => one.values[0]?.kind),
      ['enumeration', 'boolean', 'line'],
    );
  });

  it('follows a local variable to the command whose output it holds', () => {
    const steps = `        script {\n          def diff = sh(script: 'git diff main', returnStdout: true)\n          def answer = sh(script: 'claude -p x', returnStdout: true).trim()\n          sh "echo \${diff} \${answer}"\n        }`;
    const all = read(declarative(steps)).jobs[0]?.steps ?? [];
    assert.deepEqual(
      all.map(({ id }) => id),
      ['checkout', 'diff', 'answer', undefined],
    );
    const values = all.at(-1)?.run?.text.interpolations.map((one) => one.values[0]);
    assert.deepEqual(values, [
      { name: 'output of the change', kind: 'text', origin: 'outsider' },
      { name: 'answer', kind: 'text', origin: 'output' },
    ]);
  });

  it('keeps credentials to the steps that they are bound for', () => {
    const steps =
      "        sh 'one'\n        withCredentials([string(credentialsId: 'k', variable: 'KEY'), usernamePassword(credentialsId: 'u', usernameVariable: 'NAME', passwordVariable: 'WORD')]) {\n          sh 'two'\n        }";
    const all = read(declarative(steps)).jobs[0]?.steps ?? [];
    assert.deepEqual(
      all.map(({ environment }) => environment.map(({ name }) => name)),
      [[], [], ['KEY', 'NAME', 'WORD']],
    );
    assert.deepEqual(all[2]?.environment[0]?.value.interpolations[0]?.values, [
      { name: 'k', kind: 'line', origin: 'secret' },
    ]);
  });

  it('reads credentials and values of environment blocks', () => {
    const pipeline = read(
      declarative(
        "        sh 'x'",
        `environment {\n    KEY = credentials('model-key')\n    TITLE = "\${env.CHANGE_TITLE}"\n  }`,
      ),
    );
    assert.deepEqual(
      pipeline.environment.map(({ name, value }) => [name, value.interpolations[0]?.values[0]?.origin]),
      [
        ['KEY', 'secret'],
        ['TITLE', 'outsider'],
      ],
    );
  });

  it('reads withEnv, dir and timeout around steps', () => {
    const steps = "        timeout(time: 2, unit: 'HOURS') { dir('tools') { withEnv(['A=b']) { sh 'x' } } }";
    const step = read(declarative(steps)).jobs[0]?.steps.at(-1);
    assert.equal(step?.workingDirectory?.text, 'tools');
    assert.equal(step?.timeoutMinutes?.value, 120);
    assert.deepEqual(
      step?.environment.map(({ name, value }) => `${name}=${value.text}`),
      ['A=b'],
    );
  });

  it('takes a pipeline that speaks of changes to be built for them', () => {
    const events = (text: string): readonly string[] => read(text).triggers.map(({ event }) => event);
    assert.ok(events(declarative("        sh 'echo $CHANGE_ID'")).includes('change-request'));
    assert.ok(!events(declarative("        // CHANGE_ID is not used\n        sh 'x'")).includes('change-request'));
    assert.ok(
      !events(declarative("        sh 'x'").replace('steps {', 'when { not { changeRequest() } }\n steps {')).includes(
        'change-request',
      ),
    );
    assert.ok(events(declarative("        sh 'x'", "triggers { cron('H 4 * * *') }")).includes('cron'));
  });

  it('sees branch conditions and questions as gates', () => {
    const gates = (text: string): readonly (string | undefined)[] =>
      read(text)
        .jobs[0]?.steps.at(-1)
        ?.condition?.gates.map(({ kind }) => kind) ?? [];
    assert.deepEqual(gates(declarative("        sh 'x'").replace('steps {', "when { branch 'main' }\n steps {")), [
      'branch-protection',
    ]);
    assert.deepEqual(
      gates(
        declarative("        sh 'x'").replace('steps {', "when { anyOf { branch 'main'; changeRequest() } }\n steps {"),
      ),
      [],
    );
    assert.deepEqual(gates(declarative("        sh 'x'").replace('steps {', "input { message 'ok?' }\n steps {")), [
      'permission-check',
    ]);
  });

  it('marks what runs always', () => {
    const text =
      "pipeline { agent any\n stages { stage('A') { steps { sh 'x' } } }\n post { always { cleanWs() }\n success { sh 'y' } } }";
    const steps = read(text).jobs[0]?.steps.slice(-2);
    assert.deepEqual(
      steps?.map(({ condition, effects }) => [condition?.runsAfterFailure, effects[0]?.kind]),
      [
        [true, 'cleanup'],
        [false, undefined],
      ],
    );
  });

  it('names shared libraries and how firmly', () => {
    const { includes } = read(
      "@Library(['acme-ci@main', 'tools@v1.2.0', 'plain']) _\nlibrary 'late@5f2e8a7c1d3b4e6f9a0b1c2d3e4f5a6b7c8d9e0f'\n" +
        declarative("sh 'x'"),
    );
    assert.deepEqual(
      includes.map(({ name, refKind }) => `${name} ${refKind}`),
      ['acme-ci branch', 'tools tag', 'plain none', 'late digest'],
    );
  });

  it('reads the options of a container that a block runs in', () => {
    const steps =
      "        script { docker.image('node:24').inside('-u root -v /var/run/docker.sock:/var/run/docker.sock') { sh 'x' } }";
    const effect = read(declarative(steps))
      .jobs[0]?.steps.flatMap(({ effects }) => effects)
      .find(({ kind }) => kind === 'container');
    assert.deepEqual(effect?.kind === 'container' ? [effect.image, effect.mounts] : [], [
      'node',
      ['/var/run/docker.sock:/var/run/docker.sock'],
    ]);
  });

  it('reads steps of a shared library as a reusable part', () => {
    const pipeline = read(`def call(Map config) {\n  sh "claude -p '\${config.prompt}'"\n}\n`, 'vars/review.groovy');
    assert.equal(pipeline.role, 'reusable');
    assert.equal(pipeline.jobs[0]?.steps[0]?.run?.text.interpolations[0]?.values[0]?.origin, 'unknown');
  });

  it('reads a call of a library step that is in the tree in place, with what the caller gives it', () => {
    const [pipeline] = readJenkins(
      memoryTree({
        Jenkinsfile: declarative("        review(title: env.CHANGE_TITLE)\n        count('one', env.CHANGE_ID)"),
        'vars/review.groovy':
          'def call(Map args) {\n  withEnv(["TITLE=${args.title}"]) {\n    sh \'claude -p "$TITLE"\'\n  }\n}\n',
        'vars/count.groovy': 'def call(String word, number) {\n  sh "echo ${word} ${number}"\n}\n',
      }),
      readers,
    );
    const inner = pipeline?.jobs[0]?.steps.flatMap((step) => step.inner) ?? [];
    assert.deepEqual(
      inner.map(({ place }) => place.file),
      ['vars/review.groovy', 'vars/count.groovy'],
    );
    assert.equal(inner[0]?.environment[0]?.value.interpolations[0]?.values[0]?.name, 'env.CHANGE_TITLE');
    const kinds = inner[1]?.run?.text.interpolations.map(({ values }) => values[0]?.kind);
    assert.deepEqual(kinds, ['constant', 'number']);
  });

  it('ends library steps that call one another', () => {
    const call = (name: string) => `def call() {\n  ${name}()\n  sh 'x'\n}\n`;
    const tree = memoryTree({
      Jenkinsfile: declarative('        one()'),
      'vars/one.groovy': call('two'),
      'vars/two.groovy': call('one'),
    });
    assert.equal(readJenkins(tree, readers).length, 3);
  });

  it('knows what a webhook puts into variables, by the path that is read', () => {
    const trigger = (more: string) =>
      `triggers { GenericTrigger(genericVariables: [[key: 'ASK', value: '$.comment.body'], [key: 'WHO', value: '$.comment.user.login'], [key: 'ID', value: '$.issue.number']], genericRequestVariables: [[key: 'QUERY']]${more}) }`;
    const pipeline = read(declarative("        sh 'echo $ASK $ID $QUERY $OTHER'", trigger('')));
    assert.deepEqual(
      pipeline.jobs[0]?.steps
        .at(-1)
        ?.run?.text.interpolations.map(({ values: [one] }) => `${one?.origin} ${one?.kind}`),
      ['outsider text', 'outsider number', 'outsider text', 'configuration line'],
    );
    const who = (more: string) =>
      read(declarative("        sh 'x'", trigger(more))).triggers.find(({ event }) => event === 'webhook')?.who;
    assert.equal(who(''), 'anyone');
    assert.equal(who(", regexpFilterText: '$WHO', regexpFilterExpression: '^(alice|bob)$'"), 'member');
    assert.equal(who(", regexpFilterText: '$WHO', regexpFilterExpression: '(alice|bob)'"), 'anyone');
    assert.equal(who(", regexpFilterText: '$ASK', regexpFilterExpression: '^(alice|bob)$'"), 'anyone');
  });

  it('reads agent, environment and conditions of a matrix', () => {
    const { jobs } = read(
      "pipeline { agent none\n stages { stage('M') { matrix {\n axes { axis { name 'X'; values 'a', 'b' } }\n when { branch 'main' }\n agent { docker { image 'node:24'; args '-v /var/run/docker.sock:/s' } }\n environment { KEY = credentials('k') }\n stages { stage('S') { steps { sh 'one' } } }\n } } } }",
    );
    assert.deepEqual(
      jobs.map(({ id }) => id),
      ['M'],
    );
    assert.deepEqual(
      jobs[0]?.container?.mounts.map(({ value }) => value),
      ['/var/run/docker.sock:/s'],
    );
    const step = jobs[0]?.steps.at(-1);
    assert.deepEqual(
      step?.environment.map(({ name }) => name),
      ['KEY'],
    );
    assert.equal(step?.condition?.gates[0]?.kind, 'branch-protection');
  });

  it('follows the elements of a loop to what they are taken from', () => {
    const loops = [
      'files.split(\'\\n\').each { file -> sh "lint ${file}" }',
      'files.each { sh "lint ${it}" }',
      'for (file in files) { sh "lint ${file}" }',
    ];
    for (const loop of loops) {
      const steps = `        script {\n          def files = sh(script: 'git diff --name-only main', returnStdout: true)\n          ${loop}\n        }`;
      const [one] = read(declarative(steps)).jobs[0]?.steps.at(-1)?.run?.text.interpolations ?? [];
      assert.equal(one?.values[0]?.origin, 'outsider', loop);
    }
    const own = "        script {\n          ['a', 'b'].each { name -> sh \"lint ${name}\" }\n        }";
    const [one] = read(declarative(own)).jobs[0]?.steps.at(-1)?.run?.text.interpolations ?? [];
    assert.notEqual(one?.values[0]?.origin, 'outsider');
  });

  it('reads bindings in their older form, and those of fixed names', () => {
    const bound = (binding: string) =>
      read(declarative(`        withCredentials([${binding}]) { sh 'x' }`)).jobs[0]?.steps.at(-1)?.environment ?? [];
    const names = (binding: string) =>
      bound(binding).map(({ name, value }) => `${name} ${value.interpolations[0]?.values[0]?.origin}`);
    assert.deepEqual(names("[$class: 'StringBinding', credentialsId: 'k', variable: 'KEY']"), ['KEY secret']);
    assert.deepEqual(names("[$class: 'AmazonWebServicesCredentialsBinding', credentialsId: 'aws']"), [
      'AWS_SECRET_ACCESS_KEY secret',
    ]);
    assert.deepEqual(names("aws(credentialsId: 'aws', accessKeyVariable: 'A', secretKeyVariable: 'S')"), [
      'A configuration',
      'S secret',
    ]);
  });

  it('leaves Groovy files alone that are no pipelines', () => {
    assert.deepEqual(
      readJenkins(
        memoryTree({ 'src/Foo.groovy': 'class Foo {}', 'ci/Tool.groovy': 'class Tool {}', 'Jenkinsfile.md': 'text' }),
        readers,
      ),
      [],
    );
  });

  it('reads no more steps than its cap and says so', () => {
    const { gaps } = read(`node('a') {\n${"sh 'x'\n".repeat(5001)}}`);
    assert.deepEqual(
      gaps.map(({ kind, message }) => `${kind}: ${message}`),
      ['cap: more than 5000 steps'],
    );
  });

  it('never throws, and every expression stands where it says', () => {
    const piece = fc.constantFrom(
      'pipeline {',
      'agent any',
      'stages {',
      "stage('A') {",
      'steps {',
      '}',
      "sh 'x $CHANGE_TITLE'",
      `sh "a \${env.CHANGE_TITLE}"`,
      'def a = sh(script: "b", returnStdout: true)',
      `sh """\${a}`,
      '"""',
      'post { always {',
      'withCredentials([string(credentialsId: "k", variable: "K")]) {',
      'if (x)',
      'environment {',
      "K = credentials('k')",
      '(',
      '[',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 16 }), (pieces) => {
        const text = pieces.join('\n');
        for (const step of read(text).jobs.flatMap(({ steps }) => steps)) {
          for (const { place } of step.run?.text.interpolations ?? []) {
            assert.ok(text.slice(place.span.start, place.span.end).length > 0);
          }
        }
      }),
      { numRuns: RUNS },
    );
  });
});
