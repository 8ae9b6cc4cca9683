import { Module } from '@nestjs/common';
import { OutboxPageController } from './outbox-page.controller.ts';
import { OutboxController } from './outbox.controller.ts';
import { OutboxService } from './outbox.service.ts';

/** Looking at what was captured. For the processes that serve HTTP. */
@Module({ controllers: [OutboxController, OutboxPageController], providers: [OutboxService] })
export class OutboxModule {}
