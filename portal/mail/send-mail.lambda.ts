import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2'
import * as z from 'zod/mini'
import { now } from '#kernel/clock'
import { createDynamoTable } from '#kernel/dynamo-table'
import { createLog } from '#kernel/log'
import { createAccountStore } from '../accounts/store.ts'
import { readMailerConfig } from '../config.ts'
import { sendMail } from './send-mail.ts'

const config = readMailerConfig()
const log = createLog('portal-mail')
const ses = new SESv2Client()
const table = createDynamoTable(config.PORTAL_TABLE)

/** An EventBridge delivery; `detail` is the envelope of the kernel's publisher. */
const deliverySchema = z.object({
  'detail-type': z.string(),
  detail: z.object({ id: z.string(), data: z.unknown() }),
})

const ports = {
  table,
  accounts: createAccountStore(table),
  portalUrl: config.PORTAL_URL.replace(/\/+$/, ''),
  async send(to: string, subject: string, text: string): Promise<void> {
    await ses.send(
      new SendEmailCommand({
        FromEmailAddress: config.MAIL_FROM,
        Destination: { ToAddresses: [to] },
        Content: { Simple: { Subject: { Data: subject }, Body: { Text: { Data: text } } } },
      }),
    )
  },
}

/** Consumer of billing's facts on the bus. */
export const handler = async (event: unknown) => {
  const { 'detail-type': type, detail } = z.parse(deliverySchema, event)
  const outcome = await sendMail(ports, { id: detail.id, type, data: detail.data }, now())
  log.info('mail', { eventId: detail.id, type, outcome })
}
