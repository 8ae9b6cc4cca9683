import { Module } from '@nestjs/common';
import { ContactsController } from './contacts.controller.ts';
import { MessagesController } from './messages.controller.ts';

/** What became of messages, and why, over HTTP; for processes with the role `api`. */
@Module({ controllers: [MessagesController, ContactsController] })
export class ExplainApiModule {}
