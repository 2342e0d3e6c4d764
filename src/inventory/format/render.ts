import { renderJson } from '../../findings/index.ts';
import type { JsonValue } from '../../system/index.ts';
import { escapeCiCommand } from '../../text/index.ts';
import { cycloneDx } from '../cyclonedx/document.ts';
import type { Inventory } from '../model.ts';
import { renderHtml } from './html.ts';
import { renderMarkdown } from './markdown.ts';
import { renderText } from './text.ts';

export const INVENTORY_FORMATS = ['text', 'markdown', 'html', 'json', 'cyclonedx', 'cyclonedx-1.6'] as const;

export type InventoryFormat = (typeof INVENTORY_FORMATS)[number];

/**
 * The inventory for a person or a machine; everything from outside is escaped for where it is shown, which may always be
 * the log of a job.
 */
export function renderInventory(inventory: Inventory, format: InventoryFormat): string {
  switch (format) {
    case 'text':
      return escapeCiCommand(renderText(inventory));
    case 'markdown':
      return escapeCiCommand(renderMarkdown(inventory));
    case 'html':
      return escapeCiCommand(renderHtml(inventory));
    case 'json':
      return renderJson(plainJson(inventory));
    case 'cyclonedx':
      return renderJson(plainJson(cycloneDx(inventory, '1.7')));
    case 'cyclonedx-1.6':
      return renderJson(plainJson(cycloneDx(inventory, '1.6')));
  }
}

/** What JSON keeps of a value: fields that are undefined are gone. */
function plainJson(value: object): JsonValue {
  const plain: JsonValue = JSON.parse(JSON.stringify(value));
  return plain;
}
