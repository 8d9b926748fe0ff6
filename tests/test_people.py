"""Nobody else's data: over a small register with every case that mixes people up."""

import people


def test_the_same_seed_gives_the_same_register_with_every_case(tmp_path):
    first, second = people.make(60), people.make(60)
    assert first.rows == second.rows and first.cells == second.cells
    one, two = (
        {path.name: path.read_bytes() for path in register.write(tmp_path / name).iterdir()}
        for name, register in (("a", first), ("b", second))
    )
    assert one == two
    assert {row.case for row in people.make(1).rows} >= {row.case for row in first.rows} - {"ordinary"}
    assert all(code[7:10] >= "900" for person in first.people if (code := person.code))
