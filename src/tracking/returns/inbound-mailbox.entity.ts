import { Column, Entity, PrimaryColumn } from 'typeorm';
import { instantColumn, int8Column } from '../../database/index.ts';
import type { Instant } from '../../shared/clock.ts';

/** How far a mailbox has been read by IMAP. */
@Entity('inbound_mailbox')
export class InboundMailboxRow {
  /** `user@host/folder`. */
  @PrimaryColumn('text')
  mailbox!: string;

  @Column(int8Column)
  uidValidity!: number;

  @Column(int8Column)
  lastUid!: number;

  @Column(instantColumn)
  readAt!: Instant;
}
