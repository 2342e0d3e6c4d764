import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { knownPackages } from '../../../../src/audit/rules/sup/known-packages.ts';
import { passesFor } from '../../../../src/audit/rules/sup/official-names.ts';
import { releaseOf } from '../../../../src/audit/rules/sup/release-table.ts';
import { readFacts } from '../../../../src/facts/index.ts';
import { loadReaders } from '../../../../src/syntax/index.ts';
import { memoryTree } from '../../../support/memory-tree.ts';
import { agent, checkout, findings, marks, mended, pipeline, WORKFLOW } from '../audited.ts';

const readers = await loadReaders();
const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 200);
const AGENT = agent('claude -p "Review" --tools Read');
const one = (text: string) => ({ [WORKFLOW]: text });
const steps = (text: string) => one(pipeline(`${checkout()}${text}${AGENT}`));

describe('SUP001 and SUP002: references that move', () => {
  it('a moving tag of the agent is high and is pinned with its version as a comment', () => {
    const text = pipeline('      - uses: anthropics/claude-code-action@v1\n        with:\n          prompt: Review\n');
    assert.deepEqual(marks(one(text), 'SUP001'), ['high anthropics/claude-code-action@v1']);
    const after = mended(one(text), 'SUP001') ?? '';
    assert.ok(after.includes('anthropics/claude-code-action@24dcd50c0568f0fc9e9211213a4fd2d9eb15c4e0 # v1.0.200\n'));
    assert.deepEqual(marks(one(after), 'SUP001'), []);
  });

  it('a quoted reference keeps its quotes', () => {
    const text = pipeline(`      - uses: 'openai/codex-action@v1'\n        with:\n          prompt: Review\n`);
    assert.ok(
      mended(one(text), 'SUP001')?.includes(`'openai/codex-action@e0fdf01220eb9a88167c4898839d273e3f2609d1' # v1.8\n`),
    );
  });

  it('a full version is medium, and one that nobody read gets no fix', () => {
    const text = pipeline(
      '      - uses: anthropics/claude-code-action@v1.0.7\n        with:\n          prompt: Review\n',
    );
    assert.equal(findings(one(text), 'SUP001')[0]?.severity, 'medium');
    assert.equal(mended(one(text), 'SUP001'), undefined);
  });

  it('a neighbour of the agent and of a bare model key is reported, the forge own actions quietly', () => {
    const files = steps('      - uses: acme/scan@1.2.3\n      - uses: actions/setup-node@v4\n');
    assert.deepEqual(marks(files, 'SUP002'), ['medium acme/scan@1.2.3', 'low actions/setup-node@v4']);
    const keyed = one(
      pipeline('      - uses: acme/scan@1.2.3\n        with:\n          key: ${{ secrets.OPENAI_API_KEY }}\n'),
    );
    assert.deepEqual(marks(keyed, 'SUP002'), ['medium acme/scan@1.2.3']);
    assert.deepEqual(marks(keyed, 'CI002'), []);
  });

  it('a task of Azure itself is quiet, since it has no finer version; one of somebody else is not', () => {
    const file = (task: string) => ({
      'azure-pipelines.yml': `steps:\n- task: ${task}\n- script: claude -p x\n  env:\n    ANTHROPIC_API_KEY: $(ANTHROPIC_API_KEY)\n`,
    });
    assert.deepEqual(marks(file('AzureCLI@2'), 'SUP002'), ['low AzureCLI@2']);
    assert.deepEqual(marks(file('AcmeScan@2'), 'SUP002'), ['medium AcmeScan@2']);
  });

  it('every row of the release table is a full commit of a full version', () => {
    for (const [action, ref] of [
      ['actions/checkout', 'v4'],
      ['actions/cache', 'v4'],
      ['google-github-actions/run-gemini-cli', 'v0'],
    ] as const) {
      const row = releaseOf(action, ref);
      assert.match(row?.commit ?? '', /^[0-9a-f]{40}$/);
      assert.match(row?.version ?? '', /^v\d+\.\d+/);
    }
    assert.equal(releaseOf('actions/checkout', 'main'), undefined);
  });
});

describe('SUP003 and SUP004: how the agent is installed', () => {
  it('points at the command and adds the measured version behind the name', () => {
    const files = steps('      - run: npm install -g @anthropic-ai/claude-code --no-fund\n');
    assert.deepEqual(marks(files, 'SUP003'), ['medium npm install -g @anthropic-ai/claude-code --no-fund']);
    assert.ok(mended(files, 'SUP003')?.includes('@anthropic-ai/claude-code@2.1.329 --no-fund'));
  });

  it('in GitLab at the script item', () => {
    const text = 'review:\n  script:\n    - npm install -g @google/gemini-cli\n    - gemini -p "Review"\n';
    assert.deepEqual(marks({ '.gitlab-ci.yml': text }, 'SUP003'), ['medium npm install -g @google/gemini-cli']);
  });

  it('an action that takes the newest by default is silent once a version is named', () => {
    const action = 'google-github-actions/run-gemini-cli@f77273f4c914e4bf38440cf36a0369cb64a37489 # v0.1.22';
    const use = (more: string) =>
      one(pipeline(`      - uses: ${action}\n        with:\n          prompt: Review\n${more}`));
    assert.equal(findings(use(''), 'SUP003').length, 1);
    assert.equal(findings(use('          gemini_cli_version: 0.61.0\n'), 'SUP003').length, 0);
  });

  it('a piped script is replaced by the registry', () => {
    const files = steps('      - run: curl -fsSL https://claude.ai/install.sh | bash\n');
    assert.ok(mended(files, 'SUP004')?.includes('- run: npm install -g @anthropic-ai/claude-code@2.1.329\n'));
  });
});

describe('SUP005: names', () => {
  it('knows what was seen, what is one letter away, and what is honest', () => {
    assert.deepEqual(passesFor('package', '@github/copilot-cli'), { official: '@github/copilot', seen: true });
    assert.deepEqual(passesFor('package', '@anthropic-ai/claude-cod'), {
      official: '@anthropic-ai/claude-code',
      seen: false,
    });
    assert.deepEqual(passesFor('action', 'anthropics/claude-code-actoin'), {
      official: 'anthropics/claude-code-action',
      seen: false,
    });
    for (const name of [
      '@anthropic-ai/claude-code',
      '@anthropic-ai/sdk',
      '@acme/claude-code',
      'typescript',
      'claude-tools',
    ])
      assert.equal(passesFor('package', name), undefined, name);
    assert.equal(passesFor('action', 'anthropics/claude-code-action/base-action'), undefined);
  });

  it('sees a Cyrillic letter in an action', () => {
    const files = one(pipeline('      - uses: аnthropics/claude-code-action@v1\n'));
    assert.equal(findings(files, 'SUP005')[0]?.severity, 'critical');
  });

  it('replaces the name only', () => {
    const files = steps('      - run: npm i -g @anthropic/claude-code@2.1.329\n');
    assert.ok(mended(files, 'SUP005')?.includes('npm i -g @anthropic-ai/claude-code@2.1.329'));
  });
});

describe('SUP006: servers', () => {
  const server = (args: readonly string[]) => ({
    '.mcp.json': JSON.stringify({ mcpServers: { notes: { command: 'npx', args } } }),
  });

  it('is quiet for a locked dependency and silent for an exact version', () => {
    assert.equal(findings(server(['-y', 'notes-mcp']), 'SUP006')[0]?.severity, 'medium');
    const locked = { ...server(['notes-mcp']), 'package.json': '{ "dependencies": { "notes-mcp": "1.0.0" } }' };
    assert.equal(findings(locked, 'SUP006')[0]?.severity, 'low');
    assert.deepEqual(findings(server(['-y', 'notes-mcp@1.0.0']), 'SUP006'), []);
  });

  it('reads the JSON of the command line', () => {
    const json = '{"mcpServers":{"notes":{"command":"npx","args":["-y","notes-mcp"]}}}';
    const files = one(
      pipeline(
        `${checkout()}${agent(`claude -p x --mcp-config '${json}'`).replace('- run: ', '- run: |\n          ')}`,
      ),
    );
    assert.equal(findings(files, 'SUP006')[0]?.severity, 'high');
  });
});

describe('SUP009: versions with holes', () => {
  it('names the worst hole and the first version without any, and moves there', () => {
    const files = steps('      - run: npm i -g @anthropic-ai/claude-code@2.1.60\n');
    const [found] = findings(files, 'SUP009');
    assert.equal(found?.severity, 'high');
    assert.match(found?.message ?? '', /CVE-2026-39861 and \d more\); 2\.1\.163/);
    assert.ok(mended(files, 'SUP009')?.includes('@2.1.329'));
  });

  it('a commit without its version says nothing', () => {
    const action = 'google-github-actions/run-gemini-cli@f77273f4c914e4bf38440cf36a0369cb64a37489';
    assert.deepEqual(findings(one(pipeline(`      - uses: ${action}\n`)), 'SUP009'), []);
    assert.equal(findings(one(pipeline(`      - uses: ${action} # v0.1.21\n`)), 'SUP009').length, 1);
  });
});

describe('SUP012 and SUP015: what is not in the step', () => {
  it('a reusable workflow that gets a model key counts whatever it is called', () => {
    const text = `on: push\njobs:\n  a:\n    uses: acme/ci/.github/workflows/review.yml@main\n    secrets:\n      OPENAI_API_KEY: \${{ secrets.OPENAI_API_KEY }}\n`;
    assert.deepEqual(marks(one(text), 'SUP012'), ['high acme/ci/.github/workflows/review.yml@main']);
    assert.deepEqual(marks(one(text.replace(/ {4}secrets:[\s\S]*/, '')), 'SUP012'), []);
  });

  it('the place of SUP015 is in the composite', () => {
    const action = 'name: a\nruns:\n  using: composite\n  steps:\n    - uses: acme/tool@v2\n';
    const files = { ...steps('      - uses: ./.github/actions/a\n'), '.github/actions/a/action.yml': action };
    assert.deepEqual(marks(files, 'SUP015'), ['medium acme/tool@v2']);
  });
});

describe('SUP014: packages that instructions name', () => {
  const skill = (text: string, more = {}) => ({ 'AGENTS.md': text, ...more });

  it('finds runners and installers at the name', () => {
    const text =
      'First `npx -y acme-shift src`, then run:\n\n```sh\npip install acme_helper==1.2.3\nuvx acme-lint\n```\n';
    assert.deepEqual(marks(skill(text), 'SUP014'), ['medium acme-shift', 'medium acme-lint', 'low acme_helper']);
  });

  it('lets pass what manifests know, files of the tree, placeholders and prose', () => {
    const text =
      'Use `npx acme-shift`. `pip install -r requirements.txt`, `pip install -e .`, `npm install`, `npx <package>`, `npx ./tool.js`, `npm install $NAME`.\nIt knows risky servers, npx supply chains and pins.\nRun npm install first. Use npx to run it.\n';
    assert.deepEqual(
      marks(skill(text, { 'package.json': '{ "devDependencies": { "acme-shift": "1" } }' }), 'SUP014'),
      [],
    );
  });

  it('whatever stands in the text, nothing throws and every place is the name', () => {
    const words = fc.constantFrom(
      'npx ',
      'pip install ',
      '-y ',
      '@',
      'acme',
      '/',
      '`',
      '\n',
      '--from ',
      'git+https://x ',
      '"',
      '.',
      ' ',
      '=',
      '==1.0',
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 30 }), (parts) => {
        const text = parts.join('');
        for (const { place } of findings(skill(text), 'SUP014')) {
          assert.match(text.slice(place.span.start, place.span.end), /^[@a-zA-Z0-9][\w./@=-]*$/);
        }
      }),
      { numRuns: Math.min(RUNS, 200) },
    );
  });

  it('reads names out of lock files', () => {
    const facts = readFacts(
      memoryTree({ 'package-lock.json': '{ "packages": { "node_modules/@acme/a": {} } }', 'uv.lock': 'name = "b-c"' }),
      readers,
    );
    assert.ok(knownPackages(facts).has('@acme/a'));
    assert.ok(knownPackages(facts).has('b-c'));
  });
});
