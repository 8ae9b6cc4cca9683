import type { Channel } from '../shared/channel.ts';
import type { Fault } from '../shared/errors.ts';
import type { LinkRewriter } from './links.ts';

/** A template as people write it: `templates/<id>/`, every text file by its path below that folder (`fr/meta.yaml`). */
export interface TemplateFolder {
  id: string;
  files: Record<string, string>;
}

/** Where something stands in what people wrote. */
export interface Placed {
  /** `<template>/<file>`. */
  file: string;
  line: number;
}

/** Where an offer stands. */
export interface Promotion extends Placed {
  /** As written. */
  words: string;
}

/** What a look at a template tells, without any contact: for `relance check` and for the scenario lint. */
export interface TemplateInfo {
  id: string;
  /** What it can be sent by. */
  channels: Channel[];
  /** Sub-folders that override the default files, as written: `fr`, `pt-BR`. */
  locales: string[];
  /** Languages it is written in, that of the files at the top first: `en`, `fr`. */
  languages: string[];
  /** Keys below `data` that its files use: a send step has to give them. */
  dataKeys: string[];
  /** Properties of the entry event that its files use. */
  eventKeys: string[];
  /** Words of an offer in it; null when it makes none. */
  promotion: Promotion | null;
  /** True when every variant of the email has `links.unsubscribe`: what marketing mail must have (law L4). */
  unsubscribable: boolean;
  /** True when every variant of the text says STOP: what marketing SMS must have (rule C6). */
  stoppable: boolean;
  /** True when every variant of the text says to which number one writes STOP: what texts from letters must (law L5). */
  namesStopNumber: boolean;
  /** Where `links.confirm` stands first; null when it is nowhere: what only the mail for a double opt-in has (rule C4). */
  confirm: Placed | null;
  /** True when every variant of the email has `links.confirm`. */
  confirmable: boolean;
  /** True when every variant of the email shows the sender's postal address. */
  addressed: boolean;
  faults: Fault[];
}

export interface Links {
  unsubscribe: string;
  preferences: string;
  webview: string;
  /** Of the message that asks for a confirmation, and of no other (rule C4). */
  confirm?: string;
}

/** What a template may name. Plain JSON values only: nothing else is reachable from a template (rule S4). */
export interface RenderData {
  /** Of `contactData`: the fields, the attributes beside them. */
  contact: Readonly<Record<string, unknown>>;
  /** Of `eventData`: the event that let the contact in; empty without one. */
  event: Readonly<Record<string, unknown>>;
  enrollment: Readonly<Record<string, unknown>>;
  /** `data` of the send step. */
  data: Readonly<Record<string, unknown>>;
  links: Links;
  /** The sender of policy.yaml: `name`, `email`, `replyTo`, `sms`, `stop`, `address`. */
  sender: Readonly<Record<string, unknown>>;
  /** IANA zone in which `date` writes; the contact's own zone when absent, else UTC. */
  timezone?: string;
}

export interface RenderedEmail {
  channel: 'email';
  /** One line, never with a line break (header injection). */
  subject: string;
  html: string;
  text: string;
  /** `from` of meta.yaml; null lets the sender decide. */
  from: string | null;
  /** The variant used; null for the default files. */
  locale: string | null;
}

export interface RenderedSms {
  channel: 'sms';
  text: string;
  locale: string | null;
}

export type Rendered<C extends Channel = Channel> = C extends 'email' ? RenderedEmail : RenderedSms;

/** One version of a template, compiled once and rendered for any number of contacts. */
export interface CompiledTemplate {
  readonly id: string;
  readonly channels: readonly Channel[];
  /**
   * Renders one message, in the variant nearest to `locale` (`fr-FR`, then `fr`, then the default files).
   * `rewriter` is given every address of a mail. Throws `RenderError` when it cannot (rule D9): the channel has no file,
   * or a helper was given what it cannot use.
   */
  render<C extends Channel>(channel: C, data: RenderData, locale: string | null, rewriter?: LinkRewriter): Rendered<C>;
}

/** A template cannot be rendered for this contact: blocks this one message, never a batch (rule D9). */
export class RenderError extends Error {
  override readonly name = 'RenderError';
}
