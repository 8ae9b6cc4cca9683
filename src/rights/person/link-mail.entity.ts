import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { instantColumn } from '../../database/index.ts';
import type { Instant } from '../../shared/clock.ts';
import type { Id } from '../../shared/ids.ts';

/** A mail with a link to one's own data that somebody asked for and that was not handed over yet. */
@Entity('link_mail')
@Index('link_mail_due', ['dueAt'])
@Index('link_mail_contact', ['lane', 'contactId'])
export class LinkMailRow {
  @PrimaryColumn('smallint')
  lane!: number;

  @PrimaryColumn('uuid')
  id!: Id;

  @Column('uuid', { nullable: true })
  contactId!: Id | null;

  @Column(instantColumn)
  askedAt!: Instant;

  @Column(instantColumn)
  dueAt!: Instant;

  @Column('integer', { default: 0 })
  attempts!: number;
}
