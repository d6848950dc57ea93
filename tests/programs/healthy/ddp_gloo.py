# expects: nothing
import os, tempfile
import torch
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel as DDP
from torch.utils.data import DataLoader, TensorDataset
from torch.utils.data.distributed import DistributedSampler
from sklearn.datasets import load_digits


def main():
    store = os.path.join(tempfile.mkdtemp(), "store")
    dist.init_process_group("gloo", init_method=f"file://{store}", rank=0, world_size=1)
    torch.manual_seed(0)
    X, y = load_digits(return_X_y=True)
    order = torch.randperm(len(y))
    X, y = (torch.tensor(X).float() / 16)[order], torch.tensor(y)[order]
    train, test = TensorDataset(X[:1400], y[:1400]), TensorDataset(X[1400:], y[1400:])
    sampler = DistributedSampler(train)
    loader = DataLoader(train, batch_size=64, sampler=sampler)
    net = DDP(nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10)))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    for epoch in range(3):
        sampler.set_epoch(epoch)
        net.train()
        total = torch.zeros(2)
        for xb, yb in loader:
            loss = nn.functional.cross_entropy(net(xb), yb)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += torch.tensor([loss.item() * len(yb), len(yb)])
        dist.all_reduce(total)
        print(f"epoch {epoch}: loss {total[0] / total[1]:.4f}")
    net.eval()
    with torch.no_grad():
        right = sum((net(xb).argmax(1) == yb).sum().item() for xb, yb in DataLoader(test, 100))
    print(f"test accuracy {right / len(test):.4f}")
    torch.save(net.module.state_dict(), "ddp.pt")
    del net, optimizer
    dist.destroy_process_group()


if __name__ == "__main__":
    main()
