import type { Script, ScriptCommand, ScriptExpansion, ScriptRedirect, ScriptWord, Span } from '../../syntax/index.ts';

type MapSpan = (span: Span) => Span;
type MapWord = (word: ScriptWord) => ScriptWord;

/** The same script with every word replaced. */
export function mapWords(script: Script, mapWord: MapWord): Script {
  return { ...script, commands: script.commands.map((command) => mapCommand(command, mapWord)) };
}

function mapCommand(command: ScriptCommand, mapWord: MapWord): ScriptCommand {
  return {
    ...command,
    assignments: command.assignments.map((one) => ({
      ...one,
      value: one.value && mapWord(one.value),
      ...(one.elements ? { elements: one.elements.map(mapWord) } : {}),
    })),
    words: command.words.map(mapWord),
    redirects: command.redirects.map((one) => ({ ...one, target: one.target && mapWord(one.target) })),
  };
}

/** The same script with every span moved. */
export function mapSpans(script: Script, map: MapSpan): Script {
  const moved = mapWords(script, (word) => ({
    ...word,
    span: map(word.span),
    expansions: word.expansions.map((expansion) => moveExpansion(expansion, map)),
  }));
  return {
    ...moved,
    commands: moved.commands.map((command) => ({
      ...command,
      span: map(command.span),
      assignments: command.assignments.map((one) => ({ ...one, span: map(one.span) })),
      redirects: command.redirects.map((redirect) => moveRedirect(redirect, map)),
    })),
    ...(script.bodies ? { bodies: script.bodies.map((one) => ({ ...one, span: map(one.span) })) } : {}),
    unread: script.unread.map((one) => ({ ...one, span: map(one.span) })),
  };
}

function moveExpansion(expansion: ScriptExpansion, map: MapSpan): ScriptExpansion {
  return { ...expansion, span: map(expansion.span) };
}

function moveRedirect(redirect: ScriptRedirect, map: MapSpan): ScriptRedirect {
  const body = redirect.hereDocument;
  const hereDocument = body && {
    ...body,
    span: map(body.span),
    expansions: body.expansions.map((expansion) => moveExpansion(expansion, map)),
  };
  return { ...redirect, span: map(redirect.span), hereDocument };
}
