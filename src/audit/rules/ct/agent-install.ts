import type { Effect } from '../../../pipelines/index.ts';
import type { Rule } from '../../rule.ts';
import { containerDraft, holdsAgent, inspectContainers, isAgentPackage, titleOf } from './agent-container.ts';
import { dockerfile, SOUND_DOCKERFILE } from './examples.ts';

/** CT001 */
export const agentInstall: Rule = {
  id: 'CT001',
  name: 'container-agent-install-unpinned',
  title: 'The image installs an agent that can change between two builds',
  what: 'A container build installs an agent without an exact version, or pipes a downloaded script into a shell in an image that holds an agent.',
  why: 'Whoever controls the package or the address decides what runs with the model key at the next build; agents update daily, and malicious releases have stayed up for hours.',
  sources: ['Shai-Hulud and the s1ngularity release of nx, 2025', 'CWE-494'],
  severity: 'medium',
  confidence: 'high',
  tier: 'regular',
  family: 'CT',
  fix: 'none',
  advice:
    'Install an exact version from the registry (`@anthropic-ai/claude-code@2.1.329`), never a script from the network.',
  tags: ['CWE-829', 'CWE-494', 'OWASP-CICD-SEC-3'],
  attack: dockerfile(SOUND_DOCKERFILE.replace('@2.1.329', '')),
  benign: dockerfile(SOUND_DOCKERFILE),
  check: (facts) =>
    inspectContainers(facts)
      .filter(holdsAgent)
      .flatMap((inspected) =>
        inspected.container.scripts
          .flatMap(({ effects }) => effects)
          .flatMap((effect) => {
            const fault = installFault(effect);
            if (fault === undefined) return [];
            const message = `${titleOf(inspected)} ${fault.message}`;
            return [
              containerDraft('CT001', inspected, {
                message,
                severity: fault.severity,
                place: effect.place,
                about: fault.about,
              }),
            ];
          }),
      ),
};

function installFault(
  effect: Effect,
): { readonly message: string; readonly severity: 'high' | 'medium'; readonly about: string } | undefined {
  if (effect.kind !== 'install') return undefined;
  const { name = '', version, pipedToShell } = effect;
  if (pipedToShell)
    return { message: `runs a script straight from ${name}`, severity: 'high', about: `script ${name}` };
  if (!isAgentPackage(name) || isExactVersion(version)) return undefined;
  const wanted = version === undefined ? 'without a version' : `as '${version}', which moves`;
  return { message: `installs ${name} ${wanted}`, severity: 'medium', about: `package ${name}` };
}

/** `1.2.3`, with a suffix perhaps; a range, a tag or a variable is none. */
function isExactVersion(version: string | undefined): boolean {
  return version !== undefined && /^v?\d+\.\d+(?:\.\d+)*(?:[-+.][0-9A-Za-z.-]+)?$/.test(version);
}
