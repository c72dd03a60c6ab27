import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("board", "0002_the_whole_duty")]

    operations = [
        migrations.CreateModel(
            name="Booking",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("crew", models.CharField(max_length=80)),
                ("start", models.DateTimeField()),
                ("end", models.DateTimeField(db_index=True)),
                ("by", models.CharField(max_length=150)),
                ("taken_back", models.DateTimeField(null=True)),
                (
                    "piece",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="bookings", to="board.equipment"),
                ),
            ],
            options={
                "ordering": ("start", "id"),
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("end__gt", models.F("start"))), name="booking_has_length")
                ],
            },
        ),
    ]
