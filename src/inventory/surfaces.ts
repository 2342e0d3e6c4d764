import { hash } from 'node:crypto';
import type { AgentConfiguration } from '../agents/index.ts';
import type { AgentRun, Certainty, Facts } from '../facts/index.ts';
import { strongest } from './credentials.ts';
import { statedLicence } from './licences.ts';
import type { Surface, SurfaceInForce } from './model.ts';
import { shownText } from './shown-text.ts';

/** Every file of a repository that instructs, configures or extends an agent; examples in documentation among them. */
export function listSurfaces(facts: Facts): readonly Surface[] {
  return facts.configurations.map((one) => ({
    path: one.file.path,
    kind: one.kind,
    label: one.label,
    product: one.product,
    role: one.role,
    sha256: hash('sha256', one.file.text),
    licence: statedLicence(one.file.text),
    hooks: one.hooks.map(({ event, type }) => `${shownText(event)} (${type})`),
    servers: one.servers.map(({ name }) => shownText(name)),
  }));
}

/**
 * Which of them one agent obeys. A file is in force when one statement of it is; a file about which nobody knows
 * anything (a product whose loading was never measured) is `unknown`.
 */
export function surfacesInForce(run: AgentRun): readonly SurfaceInForce[] {
  return run.configuration.map((configuration) => {
    const facts = run.effective.filter(({ place }) => place.file === configuration.file.path);
    return {
      path: configuration.file.path,
      inForce: facts.length === 0 ? withoutFacts(configuration) : strongest(facts.map(({ inForce }) => inForce)),
      fromTree: facts.some(({ inForce, fromTree }) => fromTree && inForce !== 'no'),
    };
  });
}

function withoutFacts({ role }: AgentConfiguration): Certainty {
  return role === 'example' ? 'no' : 'unknown';
}
