case
    when contains(text, {{ marks.too_long | literal }}) then 'line too long'
    when contains(text, {{ marks.undecodable | literal }}) then 'byte unknown to the encoding'
    when coalesce(trimmed(cells[1]), '') = '' and coalesce(trimmed(array_to_string(cells, '')), '') = '' then 'blank'
    when len(cells) < {{ headers | length }} then 'too few cells'
    when trimmed(cells[1]) = {{ headers[0] | literal }}
     and list_transform(cells[1:{{ headers | length }}], lambda c: trimmed(c)) = [{% for h in headers %}{{ h | literal }}{{ ", " if not loop.last }}{% endfor %}]
        then 'repeated header'
    when len(cells) > {{ headers | length }} and trimmed(array_to_string(cells[{{ headers | length + 1 }}:], '')) <> '' then 'cell beyond the last header'
end
