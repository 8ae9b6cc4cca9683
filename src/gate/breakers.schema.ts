import { z } from 'zod';
import { spanText as duration } from '../calendar/index.ts';

/** `0.3%`. */
const share = z.string().regex(/^(?:100|\d{1,2}(?:\.\d{1,3})?)%$/, 'must be a share such as `0.3%`');

const limits = (warn: string, stop: string) =>
  z
    .strictObject({ warn: share.default(warn), stop: share.default(stop) })
    .refine((limit) => Number.parseFloat(limit.warn) <= Number.parseFloat(limit.stop), {
      error: 'must warn before it stops: `warn` is over `stop`',
    })
    .prefault({});

/**
 * When marketing of a sending domain, or by text of a sender (failures alone), stops by itself (law L19): the shares of
 * complaints that Gmail and Yahoo name, and bounces and failed hand-overs, over a rolling window.
 */
export const breakersSchema = z
  .strictObject({
    window: duration.default('24h'),
    /** Messages handed over in the window under which a share says nothing. */
    minimum: z.int().min(1).default(1_000),
    /** After this it is lifted by itself; without it, by a person only. */
    coolDown: duration.optional(),
    complaints: limits('0.1%', '0.3%'),
    bounces: limits('2%', '5%'),
    failures: limits('5%', '20%'),
  })
  .prefault({});

/** When an address that refuses for now is given up; a delivery begins the count anew. */
export const softBouncesSchema = z
  .strictObject({ max: z.int().min(1).default(5), within: duration.default('30d') })
  .prefault({});

/** As read: durations and shares still text. */
export type WrittenBreakers = z.output<typeof breakersSchema>;
export type WrittenSoftBounces = z.output<typeof softBouncesSchema>;
