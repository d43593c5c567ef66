/** What is written to each user; a text message has no subject. Fields stand as {{name|what stands there where a user has none}}. */
export interface Message { subject: string; text: string }
