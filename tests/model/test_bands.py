"""The threads that the painter's bands are worked on by."""

import torch

from director.generate.embedded.painter.painting import pool_of


def test_a_bands_thread_shares_out_no_operation() -> None:
    def counted() -> int:
        # The first operation that could be shared out is where torch looks how many threads there are.
        torch.ones(400, 400).mul_(2.0)
        return torch.get_num_threads()

    before = torch.get_num_threads()
    with pool_of(2) as pool:
        assert {pool.submit(counted).result() for _ in range(8)} == {1}
    assert torch.get_num_threads() == before
