export { answerPage, unlessUnread, type PageAnswer } from './answer-page.service.ts';
export type { Look } from './look.ts';
export { lookSchema } from './look.schema.ts';
export { messagePage, type MessageKind } from './message-page.ts';
export { page, type Page } from './page.ts';
export { PAGE_LANGUAGES, pageLanguage, type PageLanguage } from './page-language.ts';
