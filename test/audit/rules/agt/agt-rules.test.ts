import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { auditTree } from '../../../../src/audit/index.ts';
import type { Finding } from '../../../../src/findings/index.ts';
import { loadReaders } from '../../../../src/syntax/index.ts';
import { memoryTree } from '../../../support/memory-tree.ts';

const readers = await loadReaders();
const FILE = '.github/workflows/agent.yml';

/** A pipeline with one job; `steps` stand six blanks deep. */
function pipeline(steps: string, on = '  workflow_dispatch:'): string {
  return `name: agent\non:\n${on}\npermissions:\n  contents: read\njobs:\n  agent:\n    runs-on: ubuntu-latest\n    timeout-minutes: 5\n    steps:\n${steps}\n`;
}

function audit(text: string, files: { readonly [path: string]: string } = {}): readonly Finding[] {
  return auditTree(memoryTree({ [FILE]: text, ...files }), readers, { today: '2026-11-21' }).findings;
}

function rulesOf(text: string, family = 'AGT'): readonly string[] {
  return [...new Set(audit(text).map(({ rule }) => rule))].filter((rule) => rule.startsWith(family)).sort();
}

/** The text at the place of the first finding of a rule. */
function markedBy(rule: string, text: string): string | undefined {
  const found = audit(text).find((finding) => finding.rule === rule);
  return found && text.slice(found.place.span.start, found.place.span.end);
}

/** The file after the first fix of a rule. */
function fixedBy(rule: string, text: string, index = 0): string {
  const edits = audit(text).find((finding) => finding.rule === rule)?.fixes[index]?.edits ?? [];
  assert.equal(edits.length, 1, `no fix of ${rule}`);
  return edits.reduce((after, { span, text: put }) => after.slice(0, span.start) + put + after.slice(span.end), text);
}

const run = (command: string) => pipeline(`      - run: ${command}`);

describe('AGT001 finds the switch wherever it stands', () => {
  it('on the third line of a command', () => {
    const text = pipeline(
      '      - run: |\n          claude -p "Fix it" \\\n            --max-turns 5 \\\n            --dangerously-skip-permissions',
    );
    assert.equal(markedBy('AGT001', text), '--dangerously-skip-permissions');
  });

  it('in the JSON of an input', () => {
    const text = pipeline(
      `      - uses: anthropics/claude-code-action@v1\n        with:\n          prompt: Fix it\n          settings: |\n            {\n              "permissions": { "defaultMode": "bypassPermissions" }\n            }`,
    );
    assert.equal(markedBy('AGT001', text), 'bypassPermissions');
  });

  it('in a folded block scalar, to the character', () => {
    const text = pipeline(
      '      - uses: anthropics/claude-code-action@v1\n        with:\n          prompt: Fix it\n          claude_args: >-\n            --max-turns 5\n            --dangerously-skip-permissions',
    );
    assert.equal(markedBy('AGT001', text), '--dangerously-skip-permissions');
  });

  it('in a variable', () => {
    const text = pipeline("      - run: goose run -t 'Fix it'\n        env:\n          GOOSE_MODE: auto");
    assert.equal(markedBy('AGT001', text), 'auto');
  });

  it('but not a spelling that the product never had', () => {
    assert.deepEqual(rulesOf(run('claude -p x --dangerouslySkipPermissions --max-turns 3 --tools Read')), []);
  });

  it('nor in a command that only names the agent', () => {
    assert.deepEqual(rulesOf(run('echo "claude --dangerously-skip-permissions"')), []);
  });

  it('and lowers it inside a sandbox around the agent', () => {
    const found = audit(run('sallyport run -- claude -p x --dangerously-skip-permissions'));
    assert.deepEqual(
      found.filter(({ rule }) => rule === 'AGT001').map(({ severity }) => severity),
      ['low'],
    );
  });

  it('explains why people reach for it, and offers a list or containment', () => {
    const text = run('claude -p x --dangerously-skip-permissions');
    const found = audit(text).find(({ rule }) => rule === 'AGT001');
    assert.match(found?.detail ?? '', /dontAsk/);
    assert.ok(
      fixedBy('AGT001', text).includes('claude -p x --permission-mode dontAsk --allowedTools Read,Grep,Glob,Edit\n'),
    );
    assert.ok(fixedBy('AGT001', text, 1).includes('run: sallyport run -- claude -p x'));
  });

  it('writes no second mode beside one that the command has', () => {
    const fixed = (flags: string) => fixedBy('AGT001', run(`claude -p x ${flags}`));
    assert.ok(
      fixed('--dangerously-skip-permissions --permission-mode plan').includes('claude -p x --permission-mode plan\n'),
    );
    assert.ok(
      fixed('--permission-mode plan --dangerously-skip-permissions').includes('claude -p x --permission-mode plan\n'),
    );
    const both = fixed('--permission-mode bypassPermissions --dangerously-skip-permissions');
    assert.ok(both.includes('--permission-mode dontAsk'));
  });
});

describe('broad rules', () => {
  it('both `Bash(*)` and `Bash(npm:*)` are reported', () => {
    assert.deepEqual(rulesOf(run('claude -p x --max-turns 3 --allowedTools "Bash(*)"')), ['AGT005']);
    assert.ok(rulesOf(run('claude -p x --max-turns 3 --allowedTools "Bash(npm:*)"')).includes('AGT009'));
    assert.ok(rulesOf(run('claude -p x --max-turns 3 --allowedTools "Bash(npm run *)"')).includes('AGT006'));
  });

  it('the rule is marked inside its list', () => {
    assert.equal(
      markedBy('AGT006', run('claude -p x --max-turns 3 --allowedTools "Read,Bash(node *)"')),
      'Bash(node *)',
    );
  });

  it('exact commands are not reported', () => {
    assert.deepEqual(
      rulesOf(run('claude -p x --max-turns 3 --allowedTools "Read,Bash(npm run lint),Bash(git diff:*)"')),
      [],
    );
  });

  it('the scripts of package.json take the place of the wildcard', () => {
    const text = run('claude -p x --max-turns 3 --allowedTools "Bash(npm run *)"');
    const found = audit(text, { 'package.json': '{"scripts": {"lint": "eslint .", "test": "node --test"}}' });
    const fix = found.find(({ rule }) => rule === 'AGT006')?.fixes[0];
    assert.equal(fix?.edits[0]?.text, 'Bash(npm run lint),Bash(npm run test)');
  });
});

describe('patterns', () => {
  it('an unquoted rule that falls apart is one finding, with the quotes as its fix', () => {
    const text = pipeline(
      '      - uses: anthropics/claude-code-action@v1\n        with:\n          prompt: Review\n          claude_args: |\n            --allowedTools Read,Bash(gh pr list),Bash(gh pr view:*)',
    );
    const found = audit(text).filter(({ rule }) => rule === 'AGT010');
    assert.equal(found.length, 1);
    assert.equal(markedBy('AGT010', text), 'Bash(gh pr list)');
    assert.ok(fixedBy('AGT010', text).includes('--allowedTools "Read,Bash(gh pr list),Bash(gh pr view:*)"\n'));
  });

  it('an approval of which a denial leaves nothing is reported, one that is only narrowed is not', () => {
    const shadowed = run('claude -p x --max-turns 3 --allowedTools "Bash(npm test)" --disallowedTools "Bash(npm *)"');
    assert.match(
      audit(shadowed).find(({ rule }) => rule === 'AGT010')?.message ?? '',
      /approves nothing: `Bash\(npm \*\)`/,
    );
    const narrowed = run(
      'claude -p x --max-turns 3 --allowedTools "Bash(npm run lint)" --disallowedTools "Bash(npm test)"',
    );
    assert.deepEqual(rulesOf(narrowed).includes('AGT010'), false);
  });

  it('a dead rule is rewritten in place', () => {
    const text = run('claude -p x --max-turns 3 --disallowedTools "Write(.github/**)"');
    assert.ok(fixedBy('AGT010', text).includes('"Edit(.github/**)"'));
  });

  it('a dead rule of a committed file is reported there', () => {
    const settings = '{ "permissions": { "deny": ["Read(/etc/passwd)"] } }\n';
    const found = audit(run('claude -p x --max-turns 3 --tools Read'), { '.claude/settings.json': settings });
    const place = found.find(({ rule }) => rule === 'AGT010')?.place;
    assert.equal(place?.file, '.claude/settings.json');
    assert.ok(settings.slice(place?.span.start, place?.span.end).includes('Read(/etc/passwd)'));
  });

  it('a deny list beside a whole shell has holes', () => {
    assert.ok(
      rulesOf(run('claude -p x --max-turns 3 --allowedTools Bash --disallowedTools "Bash(curl *)"')).includes('AGT011'),
    );
  });
});

describe('payloads and inputs', () => {
  it('the broken character is marked', () => {
    const text = pipeline(
      '      - run: opencode run x\n        env:\n          OPENCODE_PERMISSION: \'{"bash": deny}\'',
    );
    assert.equal(markedBy('AGT012', text), 'd');
  });

  it('an expression inside the JSON breaks nothing', () => {
    const text = pipeline(
      `      - uses: google-github-actions/run-gemini-cli@v0\n        with:\n          prompt: x\n          settings: '{"maxSessionTurns": \${{ vars.TURNS }}, "model": "\${{ vars.MODEL }}"}'`,
    );
    assert.ok(!rulesOf(text).includes('AGT012'));
  });

  it('a dead list of tools is moved to where it counts', () => {
    const text = pipeline(
      '      - uses: anthropics/claude-code-action@v1\n        with:\n          prompt: Review\n          allowed_tools: "Read,Grep"',
    );
    assert.equal(markedBy('AGT013', text), 'allowed_tools');
    assert.ok(fixedBy('AGT013', text).includes('          claude_args: \'--allowedTools "Read,Grep"\'\n'));
  });

  it('a misspelled input is renamed', () => {
    const text = pipeline(
      '      - uses: openai/codex-action@v1\n        with:\n          prompt: Review\n          openai_api_key: x',
    );
    assert.ok(fixedBy('AGT013', text).includes('          openai-api-key: x\n'));
  });
});

describe('hardening and start', () => {
  const PULL_REQUEST = '  pull_request_target:\n    types: [opened]';
  const CHECKOUT = `      - uses: actions/checkout@v4\n        with:\n          ref: \${{ github.event.pull_request.head.sha }}\n`;
  const onChange = (step: string) => pipeline(`${CHECKOUT}${step}`, PULL_REQUEST);

  it('the scrub that the action sets itself is credited', () => {
    const action = (input: string) =>
      onChange(`      - uses: anthropics/claude-code-base-action@main\n        with:\n          prompt: x\n${input}`);
    assert.ok(rulesOf(action('          show_full_output: false')).includes('AGT017'));
    const open = onChange(
      '      - uses: anthropics/claude-code-action@v1\n        with:\n          prompt: x\n          allowed_non_write_users: "*"',
    );
    assert.ok(!rulesOf(open).includes('AGT017'));
  });

  it('options are put where the command line begins', () => {
    const text = onChange('      - run: claude -p x --max-turns 3 --tools Read');
    assert.ok(fixedBy('AGT017', text).includes('run: claude --setting-sources user --strict-mcp-config -p x'));
  });

  it('a fix adds an input where the action has none', () => {
    const text = onChange('      - uses: anthropics/claude-code-action@v1.0.70\n        with:\n          prompt: x');
    assert.ok(
      fixedBy('AGT017', text).includes(
        "        with:\n          claude_args: '--setting-sources user --strict-mcp-config'\n          prompt: x",
      ),
    );
  });

  it('a flag that has a line to itself goes with its line', () => {
    const text = pipeline(
      '      - run: |\n          claude -p x \\\n            --dangerously-skip-permissions \\\n            --allowedTools Read \\\n            --max-turns 3',
    );
    assert.ok(fixedBy('AGT002', text).includes('claude -p x \\\n            --allowedTools Read'));
  });

  it('a script that writes the trust down is found', () => {
    const text = onChange(
      `      - run: |\n          echo '{"hasTrustDialogAccepted": true}' > ~/.claude.json\n          claude -p x --max-turns 3 --tools Read`,
    );
    assert.ok(rulesOf(text).includes('AGT016'));
  });

  it('Copilot is trusted by one spelling of its variable, and by that it is found', () => {
    const given = (value: string) =>
      onChange(`      - run: copilot -p x --allow-tool write\n        env:\n          COPILOT_ALLOW_ALL: '${value}'`);
    assert.ok(rulesOf(given('true')).includes('AGT016'));
    assert.ok(!rulesOf(given('1')).includes('AGT016'));
  });

  it('aider runs what the model proposes until it is told not to', () => {
    assert.ok(rulesOf(run('aider --message x --model gpt-5')).includes('AGT003'));
    assert.ok(!rulesOf(run('aider --message x --model gpt-5 --no-suggest-shell-commands')).includes('AGT003'));
    assert.ok(fixedBy('AGT003', run('aider --message x')).includes('aider --no-suggest-shell-commands --message x'));
  });

  describe('the list that AGT003 offers', () => {
    const offered = (text: string) =>
      audit(text)
        .filter(({ rule }) => rule === 'AGT003')
        .flatMap(({ fixes }) => fixes.flatMap(({ edits }) => edits.map((edit) => edit.text.trim())));
    const told = (prompt: string, flags = '') => run(`claude -p "${prompt}" --max-turns 5${flags}`);
    const BYPASS = ' --dangerously-skip-permissions';

    for (const prompt of ['Review the diff', 'Summarise the open issues. Do not edit or push anything.'])
      it(`reads only, for a task that reads: ${prompt}`, () => {
        assert.deepEqual(offered(told(prompt, BYPASS)), ['--tools Read,Grep,Glob']);
      });

    it('edits too, for a task that edits or whose edits a later step takes', () => {
      const pushed = `${told('Review the texts', BYPASS)}      - run: git commit -am texts && git push\n`;
      for (const text of [told('Fix the failing types', BYPASS), told('Read the log, then mend the parser'), pushed])
        assert.deepEqual(offered(text), ['--tools Read,Grep,Glob,Edit,Write']);
    });

    it('is not offered where the task takes a shell, is not written here, or the rights show more than reading', () => {
      const written = told('Review the diff', BYPASS).replace('contents: read', 'contents: write');
      const kept = ['Fix it and push the branch', 'Review and post with gh pr comment', '$TASK', 'Work on it'];
      for (const text of [...kept.map((prompt) => told(prompt, BYPASS)), written])
        assert.deepEqual(offered(text), ['sallyport run --'], text);
    });
  });

  it('a background command is detached', () => {
    assert.ok(rulesOf(run('claude -p x --max-turns 3 --tools Read &')).includes('AGT021'));
  });

  it('a stream of events that goes to a file is not printed', () => {
    const stream = 'claude -p x --max-turns 3 --tools Read --verbose --output-format stream-json';
    assert.ok(rulesOf(run(stream)).includes('AGT020'));
    assert.ok(!rulesOf(run(`${stream} > events.jsonl`)).includes('AGT020'));
  });

  it('a debug switch that an operator holds is not reported', () => {
    const debug = (value: string) =>
      pipeline(
        `      - uses: google-github-actions/run-gemini-cli@v0\n        with:\n          prompt: x\n          gemini_debug: ${value}`,
      );
    assert.ok(rulesOf(debug('true')).includes('AGT020'));
    assert.ok(!rulesOf(debug(`\${{ vars.DEBUG }}`)).includes('AGT020'));
  });
});

describe('bounds and records', () => {
  it('a time limit is put into the job', () => {
    const text = run('claude -p x --max-turns 3 --tools Read').replace('    timeout-minutes: 5\n', '');
    assert.ok(fixedBy('LIF001', text).includes('  agent:\n    timeout-minutes: 30\n    runs-on: ubuntu-latest\n'));
  });

  it('limits that change what an honest job does are for a person to take', () => {
    const text = run('claude -p x --max-turns 3 --tools Read').replace('    timeout-minutes: 5\n', '');
    const safety = (rule: string) =>
      audit(text).flatMap((found) => (found.rule === rule ? found.fixes.map((fix) => fix.safety) : []));
    assert.deepEqual(safety('LIF001'), ['unsafe']);
    assert.deepEqual(safety('GAT013'), ['unsafe']);
  });

  it('a file that the agent wrote and a later step posts is published text', () => {
    const steps = (body: string) =>
      pipeline(
        `      - run: claude -p x --max-turns 3 --tools Read > review.md\n      - run: gh pr comment 1 ${body}\n        env:\n          GH_TOKEN: \${{ github.token }}`,
      );
    assert.ok(rulesOf(steps('--body-file review.md'), 'LIF').includes('LIF006'));
    assert.ok(!rulesOf(steps('--body done'), 'LIF').includes('LIF006'));
  });
});

it('an output that is no text of the model may be shown', () => {
  const steps = (output: string) =>
    pipeline(
      `      - id: agent\n        uses: anthropics/claude-code-action@v1\n        with:\n          prompt: x\n      - run: gh pr comment 1 --body "$TEXT"\n        env:\n          TEXT: \${{ steps.agent.outputs.${output} }}`,
    );
  assert.ok(!rulesOf(steps('conclusion'), 'LIF').includes('LIF006'));
  assert.ok(rulesOf(steps('structured_output'), 'LIF').includes('LIF006'));
});

it('a pipeline that does it all well is silent at medium and above', () => {
  const text = run('sallyport run -- claude -p x --max-turns 3 --tools Read');
  const loud = audit(text).filter(
    ({ rule, severity }) => /^(?:AGT|LIF)/.test(rule) && !['low', 'info'].includes(severity),
  );
  assert.deepEqual(loud, []);
});
