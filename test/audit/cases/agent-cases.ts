import { action as pinned, SHA, workflow } from '../whole-program.ts';
import type { FixedTwin } from './case.ts';

/** An action of the first major version, of which the inputs are known. */
function action(name: string, inputs: readonly string[]): string {
  return pinned(name, inputs).replace(SHA, 'v1');
}

const FILE = '.github/workflows/agent.yml';
const KEY = 'anthropic_api_key: ${{ secrets.ANTHROPIC_API_KEY }}';
const NIGHTLY = "schedule:\n    - cron: '0 3 * * *'";

/** A step with the model key; lines of `env:` ten blanks deep may follow. */
function command(text: string, environment = ''): string {
  return `      - run: ${text}\n        env:\n          ANTHROPIC_API_KEY: \${{ secrets.ANTHROPIC_API_KEY }}\n${environment}`;
}

const K3: FixedTwin = {
  name: 'K3, an issue opens an action with inputs that it no longer knows, against the endpoint of somebody else',
  teaches: ['AGT013', 'NET004'],
  files: workflow(
    `${action('anthropics/claude-code-action', [KEY, 'prompt: Sort the issue', 'claude_args: --max-turns 3 --allowedTools "Read"'])}        env:\n          ANTHROPIC_BASE_URL: https://api.anthropic.com\n`,
  ),
  controls: [
    {
      name: 'the input of today',
      file: FILE,
      text: 'prompt: Sort the issue',
      without: 'direct_prompt: Sort the issue',
      brings: ['AGT013', 'NET001', 'PATH01'],
    },
    {
      name: 'tools as an argument',
      file: FILE,
      text: 'claude_args: --max-turns 3 --allowedTools "Read"',
      without: 'claude_args: --max-turns 3\n          allowed_tools: Read',
      brings: ['AGT013'],
    },
    {
      name: "the vendor's endpoint",
      file: FILE,
      text: 'https://api.anthropic.com',
      without: 'https://models.example.test',
      brings: ['NET004'],
    },
  ],
};

const K7: FixedTwin = {
  name: 'K7, permissions of opencode that are not valid JSON, and a push with a personal token in the same tree',
  teaches: ['AGT012', 'EXE012'],
  files: workflow(
    `      - run: opencode run "Mend what the linter says"\n        env:\n          OPENAI_API_KEY: \${{ secrets.OPENAI_API_KEY }}\n          OPENCODE_PERMISSION: '{"edit":"allow","bash":"deny","webfetch":"deny"}'\n      - run: git diff > change.patch\n`,
    { on: NIGHTLY },
  ),
  controls: [
    {
      name: 'permissions that parse',
      file: FILE,
      text: `'{"edit":"allow","bash":"deny","webfetch":"deny"}'`,
      without: `'{edit: allow, bash: deny}'`,
      brings: ['AGT012', 'EXE012'],
    },
    {
      name: 'a patch in place of a push',
      file: FILE,
      text: '      - run: git diff > change.patch\n',
      without:
        '      - run: |\n          git commit -am lint\n          git push "https://x-access-token:$TOKEN@github.com/acme/app" HEAD:lint\n        env:\n          TOKEN: ${{ secrets.PUSH_PAT }}\n',
      brings: ['CRD010', 'EXE011', 'EXE018', 'LIF008'],
    },
  ],
};

const K9: FixedTwin = {
  name: 'K9, a deny list that names one spelling of a request',
  teaches: ['AGT011'],
  files: workflow(
    command(
      'claude -p "Sort" --max-turns 3 --permission-mode dontAsk --allowedTools "Read,Bash(gh *)" --disallowedTools "Bash(gh api *)"',
    ),
    { on: NIGHTLY },
  ),
  controls: [
    {
      name: 'the whole command denied',
      file: FILE,
      text: 'Bash(gh api *)',
      without: 'Bash(gh api -X*)',
      brings: ['AGT011'],
    },
  ],
};

const K10: FixedTwin = {
  name: 'K10, prompts switched off in the belief that lists are ignored',
  teaches: ['AGT001'],
  files: workflow(
    command('claude -p "Sort" --max-turns 3 --permission-mode dontAsk --allowedTools "Read,Bash(git log *)"'),
    { on: NIGHTLY },
  ),
  controls: [
    {
      name: 'a mode that asks',
      file: FILE,
      text: '--permission-mode dontAsk',
      without: '--dangerously-skip-permissions',
      brings: ['AGT001', 'AGT002'],
    },
  ],
};

const K14: FixedTwin = {
  name: 'K14, the model behind a free proxy',
  teaches: ['NET004'],
  files: workflow(
    '      - run: aider --message "Mend the lint" --model gpt-5 --no-suggest-shell-commands\n        env:\n          OPENAI_API_KEY: ${{ secrets.OPENAI_API_KEY }}\n          OPENAI_API_BASE: https://api.openai.com/v1\n',
    { on: NIGHTLY },
  ),
  controls: [
    {
      name: "the vendor's endpoint",
      file: FILE,
      text: 'https://api.openai.com/v1',
      without: 'https://free.example.test/v1',
      brings: ['NET004'],
    },
  ],
};

const K16: FixedTwin = {
  name: 'K16, hardening that was switched off because it failed once',
  teaches: ['AGT016'],
  files: workflow(
    command('claude -p "Sort" --max-turns 3 --tools Read', "          CLAUDE_CODE_SUBPROCESS_ENV_SCRUB: '1'\n"),
    { on: NIGHTLY },
  ),
  controls: [
    {
      name: 'scrubbing of variables',
      file: FILE,
      text: "ENV_SCRUB: '1'",
      without: "ENV_SCRUB: '0'",
      brings: ['AGT016'],
    },
  ],
};

export const AGENT_CASES: readonly FixedTwin[] = [K3, K7, K9, K10, K14, K16];
