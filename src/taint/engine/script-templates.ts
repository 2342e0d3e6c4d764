import type { Builtin, BuiltinCall } from './builtin.ts';
import { maskOf } from './category-mask.ts';
import { clearLabels } from './label.ts';
import { namedValue, taintedValue, UNKNOWN, type Value } from './value.ts';

/** A template language that escapes what it is given, unless a template says otherwise. */
interface TemplateLanguage {
  /** What in a template places a value as it is. */
  readonly raw: RegExp;
  /** Functions that make a function of a template. */
  readonly compilers: readonly string[];
  /** Functions that take template and values. */
  readonly renderers: readonly string[];
}

const LANGUAGES: readonly TemplateLanguage[] = [
  // https://handlebarsjs.com/guide/#html-escaping
  { raw: /\{\{\{|\{\{&/, compilers: ['handlebars.compile', 'Handlebars.compile', 'hogan.js.compile'], renderers: [] },
  // https://mustache.github.io/mustache.5.html
  { raw: /\{\{\{|\{\{&/, compilers: [], renderers: ['mustache.render', 'Mustache.render'] },
  // https://lodash.com/docs/#template
  { raw: /<%=/, compilers: ['lodash.template', '_.template', 'underscore.template'], renderers: [] },
  // https://ejs.co/#docs
  { raw: /<%-/, compilers: ['ejs.compile'], renderers: ['ejs.render'] },
  // https://pugjs.org/language/code.html
  { raw: /!=|!\{/, compilers: ['pug.compile', 'jade.compile'], renderers: ['pug.render', 'jade.render'] },
  // https://mozilla.github.io/nunjucks/templating.html#safe
  { raw: /\|\s?safe\b/, compilers: [], renderers: ['nunjucks.renderString'] },
];

const MARKUP = maskOf(['xss']);

/** Whether a known template places a value as it is; an unknown one escapes, as those do that nobody tampered with. */
function isRaw({ raw }: TemplateLanguage, { constant }: Value): boolean {
  return typeof constant === 'string' && raw.test(constant);
}

/** `compile(template)`: only the result's name tells that what it gives is escaped. */
function compileBy(language: TemplateLanguage): Builtin {
  return ({ name, given }) => {
    const [template = UNKNOWN] = given.positional;
    if (template.taint.length > 0) return undefined;
    return namedValue(isRaw(language, template) ? `${name}(raw)` : `${name}()`);
  };
}

/** `render(template, values)`. */
function renderBy(language: TemplateLanguage): Builtin {
  return ({ given, machine }: BuiltinCall) => {
    const [template = UNKNOWN, ...values] = given.positional;
    const placed = values.flatMap((value) => machine.taintOf(value));
    const kept = isRaw(language, template) ? placed : clearLabels(placed, MARKUP);
    return taintedValue([...machine.taintOf(template), ...kept]);
  };
}

function tableOf(
  names: (language: TemplateLanguage) => readonly string[],
  make: (language: TemplateLanguage) => Builtin,
): readonly (readonly [string, Builtin])[] {
  return LANGUAGES.flatMap((language) => names(language).map((name) => [name, make(language)] as const));
}

/** Template languages that escape unless they are told not to. */
export const TEMPLATE_FUNCTIONS: Readonly<Record<string, Builtin>> = Object.fromEntries([
  ...tableOf(({ compilers }) => compilers, compileBy),
  ...tableOf(({ renderers }) => renderers, renderBy),
]);
