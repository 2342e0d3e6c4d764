import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findingsOf } from './audited.ts';

/** A job that writes something down before an agent starts. */
function writing(line: string): number {
  const text = `on: pull_request\njobs:\n  review:\n    runs-on: ubuntu-latest\n    steps:\n      - run: |\n          ${line}\n          gemini -p Review\n`;
  return findingsOf('CFG027', { '.github/workflows/review.yml': text }).length;
}

test('each way in which a script can write trust down is found, and the opposite is not', () => {
  const cases: readonly (readonly [line: string, expected: number])[] = [
    [`echo '{"security":{"folderTrust":{"enabled":false}}}' > ~/.gemini/settings.json`, 1],
    [`echo '{"security":{"folderTrust":{"enabled":true}}}' > ~/.gemini/settings.json`, 0],
    [`echo '{"trusted_folders":["/w"]}' > ~/.copilot/config.json`, 1],
    [`echo 'trust_level = "trusted"' >> ~/.codex/config.toml`, 1],
    [`echo 'trust_level = "untrusted"' >> ~/.codex/config.toml`, 0],
  ];
  for (const [line, expected] of cases) assert.equal(writing(line), expected, line);
});
