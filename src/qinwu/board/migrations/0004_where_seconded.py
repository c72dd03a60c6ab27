from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("board", "0003_rooms_booked")]

    operations = [
        migrations.AddField(model_name="absence", name="to_unit", field=models.CharField(default="", max_length=80)),
    ]
