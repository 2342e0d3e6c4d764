import {
  ASSIGN,
  BINARY,
  BRANCH,
  CALL,
  FUNCTION,
  INDEX,
  type LanguageTable,
  MEMBER,
  PAIR,
  type TermRow,
} from './table.ts';

const OPERATORS: { readonly [operator: string]: TermRow['kind'] } = {
  '&&': 'and',
  '||': 'or',
  '??': 'or',
  '==': 'compare',
  '===': 'compare',
  '!=': 'compare',
  '!==': 'compare',
  '<': 'compare',
  '<=': 'compare',
  '>': 'compare',
  '>=': 'compare',
  in: 'compare',
  instanceof: 'compare',
};

const FUNCTION_ROW: TermRow = { kind: 'function', roles: FUNCTION };
const NAME: TermRow = { kind: 'name', text: 'whole' };

/** JavaScript, TypeScript, Flow and their elements: one family of grammars. */
export const JAVASCRIPT: LanguageTable = {
  rows: {
    identifier: NAME,
    property_identifier: NAME,
    private_property_identifier: NAME,
    shorthand_property_identifier: NAME,
    shorthand_property_identifier_pattern: NAME,
    type_identifier: NAME,
    statement_identifier: NAME,
    undefined: { kind: 'constant', text: 'whole' },
    this: { kind: 'self', text: 'whole' },
    super: NAME,
    import: NAME,
    true: { kind: 'constant', text: 'whole' },
    false: { kind: 'constant', text: 'whole' },
    null: { kind: 'constant', text: 'whole' },
    number: { kind: 'number', text: 'whole' },
    string: { kind: 'string', text: 'content' },
    template_string: { kind: 'text', text: 'content' },
    regex: { kind: 'regex', text: { field: 'pattern' }, roles: { flags: 'flags' } },
    regex_flags: NAME,
    member_expression: { kind: 'member', roles: MEMBER },
    subscript_expression: { kind: 'index', roles: INDEX },
    call_expression: { kind: 'call', roles: CALL },
    new_expression: { kind: 'new', roles: CALL },
    arguments: { kind: 'list' },
    array: { kind: 'list' },
    object: { kind: 'map' },
    pair: { kind: 'pair', roles: PAIR },
    spread_element: { kind: 'spread' },
    rest_pattern: { kind: 'spread' },
    await_expression: { kind: 'await' },
    assignment_expression: { kind: 'assign', roles: ASSIGN },
    augmented_assignment_expression: { kind: 'assign', text: { field: 'operator' }, roles: ASSIGN },
    variable_declarator: { kind: 'assign', roles: ASSIGN },
    public_field_definition: { kind: 'assign', roles: { ...ASSIGN, property: 'left' } },
    field_definition: { kind: 'assign', roles: { ...ASSIGN, property: 'left' } },
    ternary_expression: { kind: 'conditional', roles: BRANCH },
    function_declaration: FUNCTION_ROW,
    function_expression: FUNCTION_ROW,
    generator_function: FUNCTION_ROW,
    generator_function_declaration: FUNCTION_ROW,
    arrow_function: FUNCTION_ROW,
    method_definition: FUNCTION_ROW,
    class_static_block: FUNCTION_ROW,
    class_declaration: { kind: 'class', roles: FUNCTION },
    class: { kind: 'class', roles: FUNCTION },
    abstract_class_declaration: { kind: 'class', roles: FUNCTION },
    formal_parameters: { kind: 'list' },
    required_parameter: { kind: 'parameter', roles: { pattern: 'name', value: 'value', decorator: 'decorator' } },
    optional_parameter: { kind: 'parameter', roles: { pattern: 'name', value: 'value', decorator: 'decorator' } },
    if_statement: { kind: 'if', roles: BRANCH },
    for_statement: { kind: 'loop', roles: { condition: 'test', body: 'body' } },
    for_in_statement: { kind: 'loop', roles: { left: 'left', right: 'subject', body: 'body' } },
    while_statement: { kind: 'loop', roles: { condition: 'test', body: 'body' } },
    do_statement: { kind: 'loop', roles: { condition: 'test', body: 'body' } },
    switch_statement: { kind: 'choice', roles: { value: 'subject', body: 'body' } },
    switch_body: { kind: 'block' },
    switch_case: { kind: 'case', roles: { value: 'test', body: 'body' } },
    switch_default: { kind: 'case', roles: { body: 'body' } },
    try_statement: { kind: 'try', roles: { body: 'body', handler: 'handler' } },
    catch_clause: { kind: 'catch', roles: { parameter: 'parameters', body: 'body' } },
    finally_clause: { kind: 'finally' },
    return_statement: { kind: 'return' },
    throw_statement: { kind: 'throw' },
    break_statement: { kind: 'break' },
    continue_statement: { kind: 'continue' },
    statement_block: { kind: 'block' },
    class_body: { kind: 'block' },
    decorator: { kind: 'decorator' },
    import_statement: { kind: 'import', roles: { source: 'source' } },
    jsx_attribute: { kind: 'pair', rest: 'key' },
  },
  transparent: new Set([
    ...['parenthesized_expression', 'expression_statement', 'else_clause', 'as_expression', 'satisfies_expression'],
    ...['non_null_expression', 'template_substitution', 'jsx_expression', 'export_statement'],
  ]),
  ignored: new Set([
    ...['comment', 'hash_bang_line', 'type_annotation', 'type_arguments', 'type_parameters', 'interface_declaration'],
    ...['type_alias_declaration', 'accessibility_modifier', 'empty_statement', 'override_modifier', 'predefined_type'],
    ...['generic_type', 'union_type', 'array_type', 'object_type', 'literal_type', 'function_type', 'optional_chain'],
    ...['debugger_statement', 'predicate', 'type_predicate', 'asserts', 'lookup_type', 'readonly_type'],
  ]),
  choose: (node, textOf) => {
    if (node.type === 'binary_expression') {
      const operator = node.children.find((child) => child.field === 'operator');
      const kind = OPERATORS[operator === undefined ? '' : textOf(operator)] ?? 'operation';
      return { kind, text: { field: 'operator' }, roles: BINARY };
    }
    if (node.type !== 'unary_expression') return undefined;
    const operator = node.children.find((child) => child.field === 'operator');
    const word = operator === undefined ? '' : textOf(operator);
    if (word === '!') return { kind: 'not' };
    return word === 'delete' ? { kind: 'delete' } : { kind: 'operation', text: { field: 'operator' } };
  },
};
