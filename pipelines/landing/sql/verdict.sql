case
{% if marks %}
    when contains(text, {{ marks.too_long | literal }}) then 'line too long'
    when contains(text, {{ marks.undecodable | literal }}) then 'byte unknown to the encoding'
{% endif %}
    -- Nearly every row ends here: as many cells as headers, and a first cell that is neither empty nor a header.
    when len(cells) = {{ headers | length }} and cells[1] between '!' and '~' and not starts_with(cells[1], {{ headers[0] }}) then null
    when coalesce(trimmed(cells[1]), '') = '' and coalesce(trimmed(array_to_string(cells, '')), '') = '' then 'blank'
    when len(cells) < {{ headers | length }} then 'too few cells'
    when trimmed(cells[1]) = {{ headers[0] }}
     and list_transform(cells[1:{{ headers | length }}], lambda c: trimmed(c)) = [{% for h in headers %}{{ h }}{{ ", " if not loop.last }}{% endfor %}]
        then 'repeated header'
    when len(cells) > {{ headers | length }} and trimmed(array_to_string(cells[{{ headers | length + 1 }}:], '')) <> '' then 'cell beyond the last header'
end
