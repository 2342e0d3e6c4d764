import type { GivenText } from '../agents/index.ts';
import type { Place } from '../syntax/index.ts';
import type { Arrival } from './arrival.ts';
import { eventTextsOnInput } from './event-file.ts';
import type { LocatedAgent } from './locate-agents.ts';
import { environmentOf } from './scope.ts';
import { feedersOf, placeIn, scriptsOf } from './script-range.ts';
import { traceFile, traceScript, traceText } from './trace.ts';

/** What arrives in a text that was given to an agent, whether it stands in an input, a variable, a command or a file. */
export function arrivalsIn(given: GivenText, agent: LocatedAgent): readonly Arrival[] {
  if (given.from.kind === 'file') return traceFile(given.from.path, agent.command?.script, agent.scope);
  return [...inEntries(given.place, agent), ...inScripts(given.place, agent)];
}

function inEntries(place: Place, agent: LocatedAgent): readonly Arrival[] {
  const entries = [...agent.step.inputs, ...environmentOf(agent.scope)];
  const holding = entries.filter((entry) => contains(entry.value.place, place));
  return holding.flatMap((entry) => {
    const inside = entry.value.interpolations.filter((interpolation) => contains(place, interpolation.place));
    return traceText({ ...entry.value, interpolations: inside }, agent.scope);
  });
}

function inScripts(place: Place, agent: LocatedAgent): readonly Arrival[] {
  return scriptsOf(agent.step).flatMap((script) => {
    const words = script.script.commands.flatMap((command) => [
      ...command.words,
      ...command.redirects.flatMap(({ target }) => (target ? [target] : [])),
    ]);
    const word = words.find(({ span }) => contains(place, placeIn(script, span)));
    return word ? traceScript({ script, span: word.span }, agent.scope) : [];
  });
}

/** What is piped or redirected into the agent's command. */
export function arrivalsOnStandardInput(agent: LocatedAgent): readonly Arrival[] {
  if (!agent.command) return [];
  const { script, command } = agent.command;
  const earlier = feedersOf(command, script.script.commands);
  const redirects = command.redirects.filter(({ operator }) => operator.startsWith('<'));
  return [
    ...earlier.flatMap(({ span }) => traceScript({ script, span }, agent.scope)),
    ...redirects.flatMap(({ hereDocument, target }) => {
      if (hereDocument) return traceScript({ script, span: hereDocument.span }, agent.scope);
      if (target === undefined) return [];
      return target.literal === undefined
        ? eventTextsOnInput(script, target)
        : traceFile(target.literal, script, agent.scope);
    }),
  ];
}

function contains(outer: Place, inner: Place): boolean {
  return outer.file === inner.file && outer.span.start <= inner.span.start && inner.span.end <= outer.span.end;
}
