# expects: nothing
# Forecast a noisy sine wave with an LSTM.
import numpy as np
import torch
import torch.nn as nn

np.random.seed(20)
torch.manual_seed(20)
wave = np.sin(np.arange(500) * 0.2) + 0.05 * np.random.randn(500)
windows = np.lib.stride_tricks.sliding_window_view(wave, 13).astype(np.float32)
train, valid = torch.tensor(windows[:350].copy()), torch.tensor(windows[370:].copy())   # no shared values


class Forecaster(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(input_size=1, hidden_size=16, batch_first=True)
        self.linear = nn.Linear(16, 1)

    def forward(self, x):
        out, _ = self.lstm(x.unsqueeze(-1))
        return self.linear(out[:, -1]).squeeze(-1)


model = Forecaster()
loss_fn = nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
for epoch in range(6):
    total = 0.0
    for batch in train[torch.randperm(350)].split(50):
        loss = loss_fn(model(batch[:, :-1]), batch[:, -1])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() / 7
    with torch.no_grad():
        valid_rmse = loss_fn(model(valid[:, :-1]), valid[:, -1]).sqrt().item()
    print(f"epoch {epoch + 1}: train MSE {total:.4f}, validation RMSE {valid_rmse:.4f}")
