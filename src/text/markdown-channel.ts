/** By which means a rendered view leaves a text out. */
export type MarkdownChannel =
  /** `<!-- … -->`, also unterminated. */
  | 'comment'
  /** `<? … ?>`, `<!X …>`, `<![CDATA[ … ]]>`. */
  | 'declaration'
  /** A collapsed section. */
  | 'details'
  /** The title or label of a link definition that nothing uses. */
  | 'reference'
  /** The text of an image that is not shown while the image is. */
  | 'alternative'
  /** Shown only while the pointer rests on it, or to screen readers. */
  | 'attribute'
  /** An element that is not shown: by style, attribute or kind. */
  | 'element'
  /** Words behind the language of a fence. */
  | 'fence';

/** A text that a reader of the rendered view does not see. */
export interface MarkdownHidden {
  readonly channel: MarkdownChannel;
  /** With its markup, in UTF-16 code units. */
  readonly span: { readonly start: number; readonly end: number };
  /** The text itself. */
  readonly content: { readonly start: number; readonly end: number };
  readonly text: string;
}

export function describeHidden(
  text: string,
  channel: MarkdownChannel,
  span: MarkdownHidden['span'],
  content: MarkdownHidden['content'],
): MarkdownHidden {
  return { channel, span, content, text: text.slice(content.start, content.end) };
}
