import { ServiceError } from '../../contract.ts'

export const badRequest = (message: string) => new ServiceError('BadRequestException', message, 400)
export const notFound = (message: string) => new ServiceError('NotFoundException', message, 404)
export const conflict = (message: string) => new ServiceError('ConflictException', message, 409)
export const limitExceeded = (message: string) => new ServiceError('LimitExceededException', message, 429)

export const tooManyRequests = (retryAfterSeconds: number) =>
  new ServiceError('TooManyRequestsException', 'Too Many Requests', 429, {
    retryAfterSeconds: String(retryAfterSeconds),
  })
