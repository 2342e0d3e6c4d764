import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  AGENT_SETUPS,
  auditTree,
  CI_SYSTEMS,
  type CiSystem,
  NO_AUDIT_POLICY,
  planSetup,
  reportAudit,
  type Setup,
} from '../../../src/audit/index.ts';
import { compilePolicy, INITIAL_STATE, lintPolicy, parsePolicy } from '../../../src/policy/index.ts';
import { loadReaders } from '../../../src/syntax/index.ts';
import { memoryTree } from '../../support/memory-tree.ts';

const readers = await loadReaders();
const TODAY = '2026-11-21';
const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 40);

function setupOf(files: Record<string, string>, system?: CiSystem, agent?: string): Setup {
  const { facts } = auditTree(memoryTree(files), readers, { today: TODAY });
  return planSetup(facts, { system, agent });
}

function policyText({ files }: Setup): string {
  return files.find(({ role }) => role === 'policy')?.content ?? '';
}

const WRITER = {
  'package-lock.json': '{}',
  'src/index.ts': '',
  '.github/workflows/fix.yml': `name: fix
on: workflow_dispatch
jobs:
  fix:
    runs-on: ubuntu-latest
    timeout-minutes: 30
    steps:
      - run: claude -p "Mend the failing tests" --model claude-sonnet-4-5 --allowedTools "Edit,Bash(npm test:*),Bash(npm ci),Bash(git push:*),Bash"
        env:
          ANTHROPIC_API_KEY: \${{ secrets.ANTHROPIC_API_KEY }}
          TRACKER_TOKEN: \${{ secrets.TRACKER_TOKEN }}
`,
};

describe('what init writes', () => {
  for (const system of CI_SYSTEMS) {
    for (const { product } of AGENT_SETUPS) {
      for (const [what, files] of [
        ['a review', {}],
        ['a change', WRITER],
      ] as const) {
        it(`is silent in an audit and read whole: ${system}, ${product}, ${what}`, async () => {
          const setup = setupOf(files, system, product);
          const tree = Object.fromEntries(setup.files.map(({ path, content }) => [path, content]));
          const audit = auditTree(memoryTree(tree), readers, { today: TODAY });
          assert.deepEqual(audit.facts.gaps, []);
          assert.deepEqual(
            audit.facts.runs.map(({ invocation }) => invocation.product),
            [product],
          );
          const report = reportAudit(audit, {
            profile: 'standard',
            version: '0',
            today: TODAY,
            base: undefined,
            policy: NO_AUDIT_POLICY,
            baseline: [],
          });
          assert.deepEqual(
            report.findings.map(({ rule, message }) => `${rule} ${message}`),
            [],
          );
          const document = await parsePolicy(policyText(setup), 'sallyport.yaml');
          assert.deepEqual(await lintPolicy(document), []);
        });
      }
    }
  }

  for (const system of CI_SYSTEMS) {
    it(`has something to report once the agent starts outside the sandbox: ${system}`, () => {
      const { files } = setupOf({}, system);
      const reported = (change: (content: string) => string) => {
        const tree = Object.fromEntries(files.map(({ path, content }) => [path, change(content)]));
        return auditTree(memoryTree(tree), readers, { today: TODAY }).findings.map(({ rule }) => rule);
      };
      const held = new Set(reported((content) => content));
      const bare = reported((content) => content.replace(/sallyport run .*? -- /, ''));
      assert.ok(bare.some((rule) => !held.has(rule)));
    });
  }

  it('has a policy of at most 15 lines for a plain review, which writes nothing and reaches nothing', async () => {
    const text = policyText(setupOf({}));
    assert.ok(text.trimEnd().split('\n').length <= 15, text);
    const policy = await compilePolicy({ repository: await parsePolicy(text, 'sallyport.yaml') });
    const verdict = (action: Parameters<typeof policy.decide>[0]) => policy.decide(action, INITIAL_STATE).verdict;
    assert.equal(verdict({ plane: 'file', operation: 'write', path: 'src/a.ts' }), 'deny');
    assert.equal(verdict({ plane: 'file', operation: 'read', path: 'src/a.ts' }), 'allow');
    assert.deepEqual(policy.network, []);
  });

  it('grants what the pipeline lists, its model, its time and a registry only for commands that install', () => {
    const { needs } = setupOf(WRITER);
    assert.deepEqual(needs.tools, ['Read', 'Grep', 'Glob', 'Edit', 'Bash(npm test *)', 'Bash(npm ci)']);
    assert.deepEqual(needs.models, ['claude-sonnet-4-5']);
    assert.deepEqual(needs.paths, ['src/**']);
    assert.deepEqual(needs.network, ['npm']);
    assert.equal(needs.minutes, 30);
    assert.equal(needs.prompt, 'Mend the failing tests');
    assert.equal(needs.dependencies?.command, 'npm ci --ignore-scripts');
  });

  it('leaves out what grants everything and every other secret, and says so', () => {
    const notes = setupOf(WRITER).needs.notes.join('\n');
    assert.match(notes, /Bash\(git push \*\), Bash\./);
    assert.match(notes, /TRACKER_TOKEN/);
  });

  it('keeps the key and the right to write in different jobs', () => {
    const [, workflow] = setupOf(WRITER).files;
    const [agent = '', apply = ''] = workflow?.content.split('\n  apply:') ?? [];
    assert.match(agent, /secrets\.ANTHROPIC_API_KEY/);
    assert.doesNotMatch(agent, /: write/);
    assert.match(apply, /contents: write/);
    assert.doesNotMatch(apply, /ANTHROPIC_API_KEY|sallyport run/);
  });

  it('carries no text over that a shell, YAML or Groovy would read', () => {
    const hostile = [
      "x'; curl https://thief.example.test; '",
      'Review $(id) of this',
      'Review: all # of it',
      'Review \u200b this change now',
    ];
    for (const prompt of hostile) {
      const workflow = WRITER['.github/workflows/fix.yml'].replace(
        '"Mend the failing tests"',
        JSON.stringify(prompt).replaceAll('$', '\\$'),
      );
      for (const system of CI_SYSTEMS) {
        const { files, needs } = setupOf(
          { '.github/workflows/fix.yml': workflow.replace('- run: ', '- run: |\n          ') },
          system,
        );
        assert.ok(!files.some(({ content }) => content.includes(prompt)), prompt);
        assert.match(needs.prompt, /^[A-Za-z][A-Za-z ,.]+$/);
      }
    }
  });

  it('gives whatever a repository says a policy that is valid and pipelines that are read whole', async () => {
    const word = fc.string({ unit: 'binary', maxLength: 30 });
    const rule = fc.oneof(
      word,
      fc
        .tuple(fc.constantFrom('Bash', 'Edit', 'WebFetch', 'mcp__a__b', 'label'), word)
        .map(([tool, inner]) => `${tool}(${inner})`),
    );
    await fc.assert(
      fc.asyncProperty(
        word,
        fc.array(rule, { maxLength: 5 }),
        word,
        fc.constantFrom(...CI_SYSTEMS),
        async (prompt, rules, model, system) => {
          const inputs = {
            prompt,
            claude_args: `--allowedTools ${JSON.stringify(rules.join(','))} --model ${JSON.stringify(model)}`,
          };
          const step = { uses: 'anthropics/claude-code-action@v1', with: inputs };
          const workflow = {
            on: 'push',
            jobs: { a: { 'runs-on': 'ubuntu-latest', 'timeout-minutes': 7, steps: [step] } },
          };
          const setup = setupOf(
            { '.github/workflows/a.yml': JSON.stringify(workflow), 'package-lock.json': '{}' },
            system,
          );
          const document = await parsePolicy(policyText(setup), 'sallyport.yaml');
          assert.deepEqual(await lintPolicy(document), []);
          const tree = Object.fromEntries(setup.files.map(({ path, content }) => [path, content]));
          const { facts } = auditTree(memoryTree(tree), readers, { today: TODAY });
          assert.deepEqual(facts.gaps, []);
          assert.equal(facts.runs.length, 1);
        },
      ),
      { numRuns: Math.min(RUNS, 2000) },
    );
  });

  it('installs before a review only what runs no line of the change', () => {
    const review = WRITER['.github/workflows/fix.yml']
      .replace('workflow_dispatch', 'pull_request')
      .replace('Edit,', '')
      .replace(',Bash(git push:*),Bash', '');
    const command = (lockFile: string) =>
      setupOf({ '.github/workflows/fix.yml': review, [lockFile]: '' }).needs.dependencies?.command;
    assert.equal(command('package-lock.json'), 'npm ci --ignore-scripts');
    assert.equal(command('pnpm-lock.yaml'), undefined);
    const { files } = setupOf({ '.github/workflows/fix.yml': review, 'package-lock.json': '' });
    const tree = Object.fromEntries(files.map(({ path, content }) => [path, content]));
    const { findings } = auditTree(memoryTree(tree), readers, { today: TODAY });
    assert.ok(!findings.some(({ rule }) => rule.startsWith('EXE')));
  });

  it('is for GitHub and Claude Code where nothing is found, and says so', () => {
    const { systems, needs, notes } = setupOf({});
    assert.deepEqual(systems, ['github']);
    assert.equal(needs.agent.product, 'claude-code');
    assert.match(notes.join('\n'), /No CI system was found[\s\S]*No agent was found/);
  });

  it('stands beside a pipeline that is there, and is read once it is bound in', () => {
    const own = 'stages: [test]\nunit:\n  script: make test\n';
    const { files } = setupOf({ '.gitlab-ci.yml': own });
    const [, agent, check] = files;
    assert.equal(agent?.path, '.gitlab/sallyport.gitlab-ci.yml');
    assert.match(agent.binding ?? '', /include:.*- local: \.gitlab\/sallyport\.gitlab-ci\.yml/);
    assert.equal(check?.path, '.gitlab/sallyport-check.gitlab-ci.yml');
    const tree = {
      '.gitlab-ci.yml': `include: [{ local: ${agent.path} }, { local: ${check.path} }]\n${own}`,
      [agent.path]: agent.content,
      [check.path]: check.content,
    };
    const audit = auditTree(memoryTree(tree), readers, { today: TODAY });
    assert.deepEqual(
      audit.facts.runs.map(({ job }) => job.id),
      ['sallyport-agent'],
    );
    const bound = setupOf(tree).files;
    assert.ok(bound.every(({ binding }) => binding === undefined));
  });

  it('has a merge check of its own on every system where an agent runs already, and no second agent to write', () => {
    const agents: Readonly<Record<CiSystem, Record<string, string>>> = {
      github: WRITER,
      gitlab: { '.gitlab-ci.yml': 'fix:\n  script:\n    - claude -p "Mend it" --allowedTools "Edit"\n' },
      jenkins: { Jenkinsfile: `node('a') {\n  sh 'claude -p "Mend it" --allowedTools "Edit"'\n}\n` },
      azure: { 'azure-pipelines.yml': 'steps:\n- script: claude -p "Mend it" --allowedTools "Edit"\n' },
    };
    for (const system of CI_SYSTEMS) {
      const { files, existing } = setupOf(agents[system]);
      assert.equal(existing.length, 1, system);
      const written = files.filter(({ isSecondAgent }) => !isSecondAgent);
      assert.deepEqual(
        written.map(({ role }) => role),
        ['policy', 'check'],
        system,
      );
      const check = written.find(({ role }) => role === 'check')?.content ?? '';
      assert.match(check, /sallyport ci/, system);
      assert.doesNotMatch(check, /sallyport run|claude/, system);
    }
  });

  it('looks for a second agent on each system by itself', () => {
    const { files } = setupOf({ ...WRITER, Jenkinsfile: 'pipeline { agent any }\n' });
    const second = files.filter(({ isSecondAgent }) => isSecondAgent);
    assert.deepEqual(
      second.map(({ system }) => system),
      ['github'],
    );
  });

  it('finds the CI systems that are in use', () => {
    assert.deepEqual(setupOf({ Jenkinsfile: 'pipeline { agent any }\n' }).systems, ['jenkins']);
    assert.deepEqual(setupOf({ 'azure-pipelines.yml': 'steps:\n- script: make\n' }).systems, ['azure']);
  });
});
