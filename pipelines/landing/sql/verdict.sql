{# width: how many cells a row must have; none if the header fits too few rows to trust those that fit. #}
{% set last = headers | length %}
case
{% if returns and width is not none and width > 1 %}
    when contains(text, {{ marks.carriage_return | literal }}) and len(cells) >= {{ 2 * width - 1 }} then 'carriage return between rows'
{% endif %}
{% if any_doubtful %}
    when line in (select line from doubtful_records) and trimmed(array_to_string(cells, '')) <> '' then 'malformed quoting'
{% endif %}
{% if unfit %}
    when contains(text, {{ marks.too_long | literal }}) then 'line too long'
    when contains(text, {{ marks.undecodable | literal }}) then 'byte unknown to the encoding'
{% endif %}
{% if width is not none %}
    -- Nearly every row ends here: as many cells as the header, and a first cell that is neither empty nor a header.
    when len(cells) = {{ width }} and cells[1] between '!' and '~' and not starts_with(cells[1], {{ headers[0] }})
{% if width > last %}
     and trimmed(array_to_string(cells[{{ last + 1 }}:], '')) = ''
{% endif %}
        then null
{% endif %}
    when coalesce(trimmed(cells[1]), '') = '' and coalesce(trimmed(array_to_string(cells, '')), '') = '' then 'blank'
{% if width is not none %}
    when len(cells) < {{ width }} then 'too few cells'
{% endif %}
    when trimmed(cells[1]) = {{ headers[0] }}
     and list_transform(cells[1:{{ last }}], lambda c: trimmed(c)) = [{% for h in headers %}{{ h }}{{ ", " if not loop.last }}{% endfor %}]
        then 'repeated header'
    when len(cells) > {{ last }} and trimmed(array_to_string(cells[{{ last + 1 }}:], '')) <> '' then 'cell beyond the last header'
{% if width is none %}
    else 'under a header that fits few rows'
{% else %}
    when len(cells) > {{ width }} then 'too many cells'
{% endif %}
end
