import { needMeter } from '../../engine/find.ts'
import { cancelMeterEvent, cancelMeterEventParams } from '../../engine/meters/cancel-meter-event.ts'
import { createMeter, createMeterParams } from '../../engine/meters/create-meter.ts'
import { recordMeterEvent, recordMeterEventParams } from '../../engine/meters/record-meter-event.ts'
import { summarizeUsage, summarizeUsageParams } from '../../engine/meters/summarize-usage.ts'
import { setMeterStatus, updateMeter, updateMeterParams } from '../../engine/meters/update-meter.ts'
import { object, oneOf } from '../../engine/params.ts'
import { many, one } from '../router.ts'
import { is, nothing } from './filters.ts'

const METER = '/v1/billing/meters/:id'

export const billingRoutes = [
  one('POST', '/v1/billing/meters', createMeterParams, (engine, input) => createMeter(engine, input)),
  many('/v1/billing/meters', object({ status: oneOf('active', 'inactive') }), (engine, input) =>
    [...engine.state.meters.values()].filter(meter => is<string>(meter.status, input.status)),
  ),
  one('GET', METER, nothing, (engine, _input, path) => needMeter(engine, path.id)),
  one('POST', METER, updateMeterParams, (engine, input, path) => updateMeter(engine, path.id, input)),
  one('POST', `${METER}/deactivate`, nothing, (engine, _input, path) =>
    setMeterStatus(engine, path.id, 'inactive'),
  ),
  one('POST', `${METER}/reactivate`, nothing, (engine, _input, path) =>
    setMeterStatus(engine, path.id, 'active'),
  ),
  many(`${METER}/event_summaries`, summarizeUsageParams, (engine, input, path) =>
    summarizeUsage(engine, path.id, input).reverse(),
  ),
  one('POST', '/v1/billing/meter_event_adjustments', cancelMeterEventParams, (engine, input) =>
    cancelMeterEvent(engine, input),
  ),
  one('POST', '/v1/billing/meter_events', recordMeterEventParams, (engine, input) =>
    recordMeterEvent(engine, input),
  ),
]
