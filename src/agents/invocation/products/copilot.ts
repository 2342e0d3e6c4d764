import { KNOWN_AGENTS } from '../../generic/known-agents.ts';
import { option, PLAIN, type ProductRow, SHOWS } from '../product.ts';

/** GitHub Copilot CLI up to 1.0.102. */
export const COPILOT: ProductRow = {
  ...PLAIN,
  id: 'copilot',
  programs: ['copilot'],
  // The last one is not the vendor's.
  packages: [...(KNOWN_AGENTS.find(({ id }) => id === 'copilot')?.packages ?? []), '@github/copilot-cli'],
  starts: 'headless',
  others: [...PLAIN.others, 'init', 'plugin', 'sandbox', 'app', 'svc', 'env', 'job', 'task', 'pipeline', 'storage'],
  options: [
    ...SHOWS,
    option('prompt', 'one', '-p', '--prompt', '-i', '--interactive'),
    option('bypass', 'none', '--allow-all-tools', '--allow-all', '--yolo'),
    option('directory', 'none', '--allow-all-paths'),
    option('egress', 'none', '--allow-all-urls'),
    option('tools-allow', 'one', '--allow-tool', '--allow-url'),
    option('tools-deny', 'one', '--deny-tool', '--deny-url', '--excluded-tools'),
    option('tools-restrict', 'one', '--available-tools'),
    option('trust', 'none', '--trust-folder'),
    option('mcp', 'one', '--additional-mcp-config'),
    option('mcp-strict', 'none', '--disable-builtin-mcps'),
    option('publish', 'none', '--share-gist'),
    option('output', 'optional', '--share'),
    option('executable', 'one', '--bash-env'),
    option('model', 'one', '--model'),
    option('turns', 'one', '--max-autopilot-continues'),
    option('agents', 'one', '--agent'),
    option('directory', 'one', '--add-dir', '--config-dir'),
    option('hardening', 'none', '--no-custom-instructions'),
    option('output-format', 'one', '--output-format'),
    option(
      'other',
      'one',
      '--log-dir',
      '--log-level',
      '--stream',
      '--secret-env-vars',
      '--disable-mcp-server',
      '--banner',
    ),
    option('other', 'none', '-s', '--silent', '--no-color', '--no-ask-user', '--autopilot', '--continue', '--remote'),
  ],
  defaultMode: 'deny',
  variables: [
    { names: ['COPILOT_ALLOW_ALL'], tag: 'bypass', values: ['true', '1'] },
    { names: ['COPILOT_MODEL'], tag: 'model' },
  ],
  keys: ['COPILOT_GITHUB_TOKEN', 'GH_TOKEN', 'GITHUB_TOKEN', 'COPILOT_PROVIDER_API_KEY'],
  endpoints: ['COPILOT_PROVIDER_BASE_URL', 'COPILOT_API_URL'],
  signatures: ['--allow-all-tools'],
};
