import type { Effect } from '../effect.ts';
import type { CommandLine } from './command-line.ts';
import type { ScriptLines } from './script-lines.ts';
import { placeOf, textOf } from './template-slice.ts';
import { writtenBy } from './written-text.ts';

/** Files that programs read their credentials from, by the end of their path. */
const SECRET_FILES: readonly RegExp[] = [
  /(^|\/)\.netrc$/,
  /(^|\/)_netrc$/,
  /(^|\/)\.git-credentials$/,
  /(^|\/)\.(npmrc|yarnrc|yarnrc\.yml|pypirc)$/,
  /(^|\/)(pip\.conf|nuget\.config|settings\.xml|gradle\.properties)$/i,
  /(^|\/)\.docker\/config\.json$/,
  /(^|\/)\.aws\/(credentials|config)$/,
  /(^|\/)\.kube\/config$/,
  /(^|\/)kubeconfig[^/]*$/,
  /(^|\/)\.ssh\/(id_[a-z0-9_]+|.*key.*|.*\.pem)$/,
  /(^|\/)id_(rsa|ed25519|ecdsa)$/,
  /(^|\/)\.claude(\/\.credentials)?\.json$/,
  /(^|\/)\.claude\/\.credentials\.json$/,
  /(^|\/)\.codex\/auth\.json$/,
  /(^|\/)\.gemini\/(oauth_creds\.json|\.env)$/,
  /(^|\/)\.local\/share\/(opencode|amp|goose)\/.*\.json$/,
  /(^|\/)\.config\/gh\/hosts\.ya?ml$/,
  /(^|\/)\.config\/(gcloud|glab-cli|opencode|github-copilot)\/.+$/,
  /(^|\/)\.env(\.[A-Za-z0-9_-]+)?$/,
  /(^|\/)(auth|credentials?|gcp[-_]?key|service[-_]?account[^/]*|key[-_]?file|client_secret[^/]*)\.json$/i,
  /(^|\/)\.cargo\/credentials(\.toml)?$/,
  /(^|\/)\.(terraformrc|vault-token|gem\/credentials)$/,
  /(^|\/)[^/]+\.(pem|p12|pfx|jks|keystore|key)$/,
];

/** Whether a path is one where credentials are kept. */
export function isSecretFile(path: string): boolean {
  return SECRET_FILES.some((form) => form.test(path));
}

/** Credentials put on disk. Text that is known to the last character holds no secret of the pipeline. */
export function secretFileEffects(line: CommandLine, lines: ScriptLines): readonly Effect[] {
  return writtenBy(line, lines).flatMap((written): readonly Effect[] => {
    const path = textOf(written.target);
    if (!isSecretFile(path) || !written.open) return [];
    const place = placeOf(lines.script.text, line.command.span);
    const certainty = written.text === undefined ? 'possible' : 'certain';
    return [{ kind: 'write-secret-file', path, place, certainty }];
  });
}
