import { z } from 'zod';
import { CHANNELS } from '../../shared/channel.ts';
import { duration, id, weeklyWindow } from '../notation.schema.ts';
import type { WayOut } from './language.ts';

/** Plans one message; left when the gate has settled it. */
export const sendStep = z
  .strictObject({
    send: z.strictObject({
      channel: z.enum(CHANNELS),
      template: id,
      sender: id.optional(),
      priority: z.int().min(0).max(100).optional(),
      category: id.optional(),
      purpose: id.optional(),
      expires: duration.optional(),
      window: weeklyWindow.optional(),
      data: z.record(z.string(), z.json()).optional(),
    }),
    next: id.optional(),
    onBlocked: id.optional(),
    /** Where to go when a pressure rule switches to another channel: the step that writes by it. */
    switch: z.partialRecord(z.enum(CHANNELS), id).optional(),
  })
  .transform(({ send, ...flow }) => ({ kind: 'send' as const, ...send, ...flow }));

export type SendStep = z.output<typeof sendStep>;

export const sendWays = (step: SendStep): WayOut[] => [
  { name: 'next', target: step.next, at: ['next'], immediate: true },
  step.onBlocked === undefined
    ? { name: 'onBlocked', target: step.next, at: ['next'], immediate: true }
    : { name: 'onBlocked', target: step.onBlocked, at: ['onBlocked'], immediate: true },
  ...Object.entries(step.switch ?? {}).map(([channel, target]) => ({
    name: switchWay(channel),
    target,
    at: ['switch', channel],
    immediate: true,
  })),
];

/** The name of the way that a switch to a channel takes. */
export function switchWay(channel: string): string {
  return `switch.${channel}`;
}
