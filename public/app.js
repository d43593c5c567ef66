// The only script of the pages. What it must do, and no more, is listed in README.md, "The small script".
const dialog = document.getElementById('dialog')
let opener = null

document.addEventListener('click', (event) => {
  const link = event.target.closest('[hx-target="#dialog"]')
  if (link && !dialog.contains(link)) opener = link
})

document.addEventListener('htmx:after:settle', (event) => {
  if (event.target === dialog && dialog.firstElementChild && !dialog.open) dialog.showModal()
  sayInDialog()
})
// Around an open dialog nothing can be read or pressed: what went wrong is said inside it.
function sayInDialog() {
  const notice = dialog?.open && document.querySelector('#flash > .notice-bad')
  if (!notice) return
  dialog.querySelector(':scope > .notice')?.remove()
  dialog.append(notice)
}
document.addEventListener('dialog:close', () => dialog.close())
dialog?.addEventListener('close', () => {
  dialog.replaceChildren()
  // What opened it may have been shown anew meanwhile, under the same id.
  const place = opener?.isConnected ? opener : document.getElementById(opener?.id ?? '')
  place?.focus()
  opener = null
})

document.addEventListener('htmx:error', () => {
  const flash = document.getElementById('flash')
  const notice = document.createElement('div')
  notice.className = 'notice notice-bad flash'
  notice.setAttribute('role', 'alert')
  notice.textContent = 'The server cannot be reached. What you typed is not saved, but still here: try again in a moment.'
  flash.replaceChildren(notice)
  sayInDialog()
})

function countTicked(form) {
  for (const place of form.querySelectorAll('[data-ticked-count]')) place.textContent = form.querySelectorAll('input[name="user"]:checked').length
}

document.addEventListener('change', (event) => {
  const form = event.target.form
  if (event.target.matches('[data-tick-all]')) {
    for (const box of form.querySelectorAll('input[name="user"]')) box.checked = event.target.checked
  }
  if (event.target.matches('[data-tick-all], input[name="user"]')) countTicked(form)
  if (event.target.matches('[data-submit-on-change]')) form.requestSubmit()
})

document.addEventListener('keydown', (event) => {
  const editor = event.target.closest?.('.inline-editor')
  if (editor && event.key === 'Enter' && (event.ctrlKey || event.metaKey)) editor.requestSubmit(editor.querySelector('[type="submit"]'))
  if (event.key !== 'Escape') return
  editor?.querySelector('[data-cancel]').click()
  for (const open of document.querySelectorAll('details.popover[open]')) {
    open.open = false
    open.querySelector('summary').focus()
  }
  for (const hint of document.querySelectorAll('.hint:is(:hover, :focus-within)')) hint.classList.add('is-dismissed')
})

document.addEventListener('click', (event) => {
  for (const open of document.querySelectorAll('details.popover[open]')) if (!open.contains(event.target)) open.open = false
  const close = event.target.closest('[data-close-notice]')
  if (close) close.closest('.notice').remove()
  const copy = event.target.closest('[data-copy]')
  if (copy) navigator.clipboard?.writeText(copy.dataset.copy).then(() => { copy.setAttribute('data-copied', ''); setTimeout(() => copy.removeAttribute('data-copied'), 1500) })
})

for (const type of ['mouseout', 'focusout']) {
  document.addEventListener(type, (event) => {
    const hint = event.target.closest?.('.hint')
    if (hint && !hint.contains(event.relatedTarget)) hint.classList.remove('is-dismissed')
  })
}

// Editors of one value: leaving saves, and what was typed is never lost without a word.
function isUnsaved(form) {
  return form.hasAttribute('data-unsaved') || [...form.elements].some((one) => one.type !== 'hidden' && (one.validity?.badInput || (one.options ? one.selectedOptions[0]?.defaultSelected === false : 'defaultValue' in one && one.value !== one.defaultValue)))
}
const unsavedEditor = () => [...document.querySelectorAll('.inline-editor')].find(isUnsaved)

function leave(editor) {
  editor.dispatchEvent(new Event('field-leave'))
}

document.addEventListener('focusout', (event) => {
  const editor = event.target.closest?.('.inline-editor')
  // Another window is no leaving: its editor still has the focus of this one.
  if (editor && !editor.contains(event.relatedTarget) && document.hasFocus()) leave(editor)
})

// A link waits until what was typed is saved, and stays where it cannot be.
let held = null
document.addEventListener('click', (event) => {
  const link = event.target.closest('a[href]')
  const editor = link && !event.ctrlKey && !event.metaKey && !event.shiftKey && unsavedEditor()
  if (!editor || editor.contains(link)) return
  event.preventDefault()
  event.stopImmediatePropagation()
  held = link
  editor.elements.namedItem('value').focus()
  leave(editor)
}, true)
document.addEventListener('htmx:after:settle', () => {
  const link = held
  held = null
  if (link && !unsavedEditor()) link.click()
})

document.addEventListener('htmx:before:request', (event) => {
  const { sourceElement, target } = event.detail.ctx
  if (sourceElement.matches('.inline-editor')) for (const one of sourceElement.elements) one.readOnly = true
  const editor = unsavedEditor()
  if (!editor || !target?.contains(editor) || editor.contains(sourceElement)) return
  event.preventDefault()
  editor.elements.namedItem('value').focus()
})
document.addEventListener('htmx:finally:request', (event) => {
  const { sourceElement } = event.detail.ctx
  if (sourceElement.matches('.inline-editor')) for (const one of sourceElement.elements) one.readOnly = false
})

addEventListener('beforeunload', (event) => {
  if ([...document.querySelectorAll('[data-guard]')].some(isUnsaved)) event.preventDefault()
})

// A page whose session was renewed in another tab is given its token, so that the next try is taken.
document.addEventListener('htmx:response:error', (event) => {
  const token = event.detail.ctx.response.headers.get('x-csrf-token')
  if (token) document.body.setAttribute('hx-headers:inherited', JSON.stringify({ 'x-csrf-token': token }))
})
