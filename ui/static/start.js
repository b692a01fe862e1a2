// The start of a conversation as it is by now, for the part of the page that shows it.
watch('value', () => tell('rq:start', props.value));
